import Diagnostics

/// `{a,b}` and `{1..5}`, before everything else (bash).
enum BraceExpansion {
    /// The word stands for more words than are looked at.
    struct TooMany: Error {}

    /// At most so many words come of one.
    static let most = 100_000
    /// In bytes of all of them together, a few for each part too.
    private static let largest = 4 << 20
    /// In bytes: the work grows with the square.
    private static let longestWord = 2_048

    static func words(_ word: ShellWord) throws(TooMany) -> [ShellWord] {
        guard word.parts.contains(where: { isOpening($0) }) else { return [word] }
        if word.range.end - word.range.start > longestWord {
            guard !mayExpand(word) else { throw TooMany() }
            return [word]
        }
        var budget = largest
        return try expand(word.parts[...], &budget, depth: 0).map { ShellWord(parts: $0, range: word.range) }
    }

    /// A comma or two dots stand between braces, as far as a look tells.
    private static func mayExpand(_ word: ShellWord) -> Bool {
        var bytes: [UInt8] = []
        for case .literal(let more, false) in word.parts { bytes += more }
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")),
            let close = bytes.lastIndex(of: UInt8(ascii: "}")), open < close
        else { return false }
        let inside = bytes[open..<close]
        return inside.contains(UInt8(ascii: ",")) || inside.contains(UInt8(ascii: "."))
    }

    private static func isOpening(_ part: ShellWord.Part) -> Bool {
        if case .literal(let bytes, false) = part { bytes.contains(UInt8(ascii: "{")) } else { false }
    }

    /// A place in the parts of a word: of a part, and of a byte of an unquoted literal.
    private struct Place {
        var part: Int
        var byte: Int
    }

    private static func expand(
        _ parts: ArraySlice<ShellWord.Part>,
        _ budget: inout Int,
        depth: Int
    ) throws(TooMany) -> [[ShellWord.Part]] {
        guard let found = try firstGroup(parts) else { return [Array(parts)] }
        guard depth < 16, budget > 0 else { throw TooMany() }
        let before = slice(parts, from: Place(part: parts.startIndex, byte: 0), to: found.open)
        let after = slice(parts, from: found.after, to: Place(part: parts.endIndex, byte: 0))
        var middles: [[ShellWord.Part]] = []
        for alternative in found.alternatives {
            middles += try expand(alternative[...], &budget, depth: depth + 1)
        }
        let tails = try expand(after[...], &budget, depth: depth + 1)
        let count = middles.count * tails.count
        var total = count * size(before)
        for middle in middles { total += tails.count * size(middle) }
        for tail in tails { total += middles.count * size(tail) }
        guard count <= most, total <= budget else { throw TooMany() }
        budget -= total
        return middles.flatMap { middle in tails.map { before + middle + $0 } }
    }

    private static func size(_ parts: [ShellWord.Part]) -> Int {
        parts.reduce(8) { sum, part in
            if case .literal(let bytes, _) = part { sum + bytes.count + 8 } else { sum + 8 }
        }
    }

    private struct Group {
        var open: Place
        var after: Place
        var alternatives: [[ShellWord.Part]]
    }

    /// The first pair of braces that has commas or two dots in it.
    private static func firstGroup(_ parts: ArraySlice<ShellWord.Part>) throws(TooMany) -> Group? {
        for part in parts.indices {
            guard case .literal(let bytes, false) = parts[part] else { continue }
            for byte in bytes.indices where bytes[byte] == UInt8(ascii: "{") {
                let open = Place(part: part, byte: byte)
                if let group = try group(parts, open) { return group }
            }
        }
        return nil
    }

    private static func group(_ parts: ArraySlice<ShellWord.Part>, _ open: Place) throws(TooMany) -> Group? {
        var (level, commas): (Int, [Place]) = (0, [])
        for part in open.part..<parts.endIndex {
            guard case .literal(let bytes, false) = parts[part] else { continue }
            for byte
                in (part == open.part ? open.byte + 1 : 0)..<max(
                    bytes.count,
                    part == open.part ? open.byte + 1 : 0
                )
            {
                switch bytes[byte] {
                case UInt8(ascii: "{"): level += 1
                case UInt8(ascii: "}") where level > 0: level -= 1
                case UInt8(ascii: ","):
                    if level == 0 { commas.append(Place(part: part, byte: byte)) }
                case UInt8(ascii: "}"):
                    let close = Place(part: part, byte: byte)
                    return try finish(parts, open, commas, close)
                default: break
                }
            }
        }
        return nil
    }

    private static func finish(
        _ parts: ArraySlice<ShellWord.Part>,
        _ open: Place,
        _ commas: [Place],
        _ close: Place
    ) throws(TooMany) -> Group? {
        let after = Place(part: close.part, byte: close.byte + 1)
        let inner = Place(part: open.part, byte: open.byte + 1)
        if commas.isEmpty {
            let inside = slice(parts, from: inner, to: close)
            guard inside.count == 1, case .literal(let bytes, false) = inside[0],
                let range = try range(bytes)
            else { return nil }
            return Group(
                open: open,
                after: after,
                alternatives: range.map { [.literal($0, isQuoted: false)] }
            )
        }
        var (alternatives, start): ([[ShellWord.Part]], Place) = ([], inner)
        for comma in commas + [close] {
            alternatives.append(slice(parts, from: start, to: comma))
            start = Place(part: comma.part, byte: comma.byte + 1)
        }
        return Group(open: open, after: after, alternatives: alternatives)
    }

    /// `1..5`, `01..10`, `a..e`, `10..1..3`
    private static func range(_ bytes: [UInt8]) throws(TooMany) -> [[UInt8]]? {
        let parts = String(decoding: bytes, as: UTF8.self).components(separatedBy: "..")
        guard parts.count == 2 || parts.count == 3 else { return nil }
        // A few of the numbers that there are have no number of the other sign.
        let numbers = parts.map { Int($0).flatMap { $0.magnitude < 1 << 40 ? $0 : nil } }
        guard let step = parts.count == 3 ? numbers[2].map({ abs($0) }) : 1 else { return nil }
        if let low = numbers[0], let high = numbers[1] {
            let stride = max(step, 1)
            guard abs(high - low) / stride < most else { throw TooMany() }
            let isPadded = parts.prefix(2).contains { $0.count > 1 && $0.hasPrefix("0") }
            guard !isPadded || abs(high - low) / stride * max(parts[0].count, parts[1].count) < largest else {
                throw TooMany()
            }
            let width = isPadded ? max(parts[0].count, parts[1].count) : 0
            return Swift.stride(from: low, through: high, by: low <= high ? stride : -stride).map {
                let text = String($0)
                return Array((String(repeating: "0", count: max(0, width - text.count)) + text).utf8)
            }
        }
        let (low, high) = (Array(parts[0].utf8), Array(parts[1].utf8))
        guard low.count == 1, high.count == 1 else { return nil }
        let stride = max(step, 1)
        return Swift.stride(
            from: Int(low[0]),
            through: Int(high[0]),
            by: low[0] <= high[0] ? stride : -stride
        ).map {
            [UInt8($0)]
        }
    }

    private static func slice(
        _ parts: ArraySlice<ShellWord.Part>,
        from start: Place,
        to end: Place
    ) -> [ShellWord.Part] {
        var result: [ShellWord.Part] = []
        for part in start.part..<min(end.part + 1, parts.endIndex) {
            guard case .literal(let bytes, let isQuoted) = parts[part], !isQuoted else {
                if part < end.part { result.append(parts[part]) }
                continue
            }
            let from = part == start.part ? start.byte : 0
            let to = part == end.part ? end.byte : bytes.count
            if from < to { result.append(.literal(Array(bytes[from..<to]), isQuoted: false)) }
        }
        return result
    }
}

extension String {
    /// The parts between the separators.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var (parts, rest): ([String], Substring) = ([], self[...])
        while let found = rest.firstRange(of: separator) {
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return parts + [String(rest)]
    }
}
