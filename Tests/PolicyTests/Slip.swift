import TestSupport

/// One slip of the hand in a policy that was right.
enum Slip: String, CaseIterable {
    case blankLost, colonLost, colonOther, dashLost, dashGone, quoteOther, quoteLost, furtherIn, furtherOut,
        tabbed
    case letterLost, letterTwice, lettersSwapped, plural, listAsCommas, bracketLost, commaAtEnd, capital

    /// The damaged text; nil where the policy has nothing of the kind.
    func damage(_ text: String, with generator: inout SplitMix64) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let places = lines.indices.filter { damaged(lines[$0], 0) != nil }
        guard let place = places.randomElement(using: &generator) else { return nil }
        let letter = Int.random(in: 0..<64, using: &generator)
        guard let line = damaged(lines[place], letter), line != lines[place] else { return nil }
        lines[place] = line
        return lines.joined(separator: "\n")
    }

    private func damaged(_ line: String, _ letter: Int) -> String? {
        func first(_ part: String, _ other: String) -> String? {
            line.firstRange(of: part).map { line.replacingCharacters(in: $0, with: other) }
        }
        switch self {
        case .blankLost: return first(": ", ":")
        case .colonLost: return first(":", "")
        case .colonOther: return first(": ", letter.isMultiple(of: 2) ? " = " : "; ")
        case .dashLost: return first("- ", "  ")
        case .dashGone: return first("- ", "")
        case .quoteOther: return first("\"", letter.isMultiple(of: 2) ? "'" : "\u{201C}")
        case .quoteLost: return first("\"", "")
        case .furtherIn: return line.isEmpty ? nil : " " + line
        case .furtherOut: return line.hasPrefix(" ") ? String(line.dropFirst()) : nil
        case .tabbed: return line.hasPrefix("  ") ? "\t" + line.dropFirst(2) : nil
        case .listAsCommas:
            guard line.contains("["), !line.contains("{") else { return nil }
            return line.filter { !"[]".contains($0) }
        case .bracketLost: return first("]", "") ?? first("}", "")
        case .commaAtEnd: return line.isEmpty ? nil : line + ","
        case .letterLost, .letterTwice, .lettersSwapped, .plural, .capital:
            guard let (start, key) = Self.key(of: line) else { return nil }
            var letters = Array(key)
            let place = letter % letters.count
            if self == .letterLost { letters.remove(at: place) }
            if self == .letterTwice { letters.insert(letters[place], at: place) }
            if self == .lettersSwapped, letters.count > 1 {
                letters.swapAt(min(place, letters.count - 2), min(place, letters.count - 2) + 1)
            }
            if self == .plural {
                if letters.last == "s" { letters.removeLast() } else { letters.append("s") }
            }
            if self == .capital { letters[0] = Character(letters[0].uppercased()) }
            return String(line.prefix(start)) + String(letters) + String(line.dropFirst(start + key.count))
        }
    }

    /// The key of a line of the policy, and where it begins.
    private static func key(of line: String) -> (Int, String)? {
        let start = line.prefix { " -".contains($0) }.count
        let key = line.dropFirst(start).prefix { $0.isLetter || $0 == "-" }
        return key.count > 1 && line.dropFirst(start + key.count).hasPrefix(":") ? (start, String(key)) : nil
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
