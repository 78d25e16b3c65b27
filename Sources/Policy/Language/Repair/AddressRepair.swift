import PacketModel

/// What a text that is no address was probably meant to say: `192.0.2.*`, `192.0.2.1, 192.0.2.2`.
enum AddressRepair {
    static func repair(of text: String, sets: Set<String> = []) -> TextRepair? {
        let text = text.replacing(" / ", with: "/")
        if isRight(text) { return .write(text) }
        if let joined = joined(text) { return .write(joined) }
        let words = text.split { ", ;|()[]{}\"'".contains($0) }.map(String.init).filter {
            !["and", "or"].contains($0)
        }
        guard !words.isEmpty, words.count <= 32 else { return nil }
        if words.count == 1, let word = words.first {
            if everybody.contains(word.lowercased()) { return .leaveOut }
            if let rest = exception(word) { return entries(of: rest).first.map(TextRepair.except) }
            return TextRepair(entries(of: word).map { [$0] })
        }
        if words.count == 2, ["not", "!"].contains(words[0].lowercased()) {
            return entries(of: words[1]).first.map(TextRepair.except)
        }
        let found = words.map { sets.contains($0) ? [$0] : entries(of: $0) }
        // A list is right when each of its entries can be only one thing.
        guard found.allSatisfy({ $0.count == 1 }) else { return nil }
        return TextRepair([found.flatMap(\.self)])
    }

    private static let everybody: Set<String> = [
        "any", "all", "anywhere", "everywhere", "everyone", "everybody", "*", "0/0", "any/0", "world",
        "internet",
    ]

    /// Two words that are one entry: `192.0.2.1 to 192.0.2.9`, `192.0.2.0 255.255.255.0`.
    private static func joined(_ text: String) -> String? {
        let words = text.split { " ".contains($0) }.map(String.init)
        if words.count == 3, ["to", "-", "–", "through", "..", "until"].contains(words[1].lowercased()) {
            let range = "\(words[0])-\(words[2])"
            return isRight(range) ? range : nil
        }
        let dots = text.split(separator: "..", omittingEmptySubsequences: false)
        if dots.count == 2, isRight("\(dots[0])-\(dots[1])") { return "\(dots[0])-\(dots[1])" }
        guard words.count == 2, words[1].hasPrefix("255.") || words[1] == "0.0.0.0" else { return nil }
        return prefixes("\(words[0])/\(words[1])").first
    }

    /// `!192.0.2.1`
    private static func exception(_ word: String) -> String? {
        word.first == "!" && word.count > 1 ? String(word.dropFirst()) : nil
    }

    /// What one word may have meant; each is an address, a prefix or a range that the language knows.
    private static func entries(of word: String) -> [String] {
        if isRight(word) { return [word] }
        let bare = word.hasPrefix("[") && word.hasSuffix("]") ? String(word.dropFirst().dropLast()) : word
        let found =
            mapped(bare) + prefixes(bare) + ranges(bare)
            + [bare, unpadded(bare), network(ofPattern: bare)].compactMap(\.self)
        var right: [String] = []
        for text in found where isRight(text) && !right.contains(text) { right.append(text) }
        return right
    }

    private static func isRight(_ text: String) -> Bool {
        if case .interval? = try? AddressText.read(text) { true } else { false }
    }

    /// `::ffff:192.0.2.5` is 192.0.2.5, `::ffff:192.0.2.0/120` a network of IPv4.
    private static func mapped(_ text: String) -> [String] {
        let ends = text.split(separator: "-").map { Prefix(text: String($0)) }
        guard (1...2).contains(ends.count), ends.allSatisfy({ $0?.family == .ipv6 }) else { return [] }
        let plain = ends.compactMap { $0?.withoutMapping }
        guard plain.allSatisfy({ $0.family == .ipv4 }) else { return [] }
        return [plain.map { "\($0)" }.joined(separator: "-")]
    }

    /// `192.0.2.5/24` is a network or one address in it; `192.0.2.0/255.255.255.0` has a mask.
    private static func prefixes(_ text: String) -> [String] {
        guard let slash = text.firstIndex(of: "/") else { return [] }
        let (base, length) = (text[..<slash], text[text.index(after: slash)...])
        guard let address = IPAddress(unpadded(String(base)) ?? String(base)) else { return [] }
        if let mask = IPAddress(length), mask.family == .ipv4, address.family == .ipv4 {
            let bits = UInt32(truncatingIfNeeded: ~mask.value)
            guard bits & (bits &+ 1) == 0 else { return [] }
            return Prefix(of: address, length: bits.leadingZeroBitCount).map { [notation($0)] } ?? []
        }
        if length.isEmpty { return ["\(address)"] }
        guard let number = Int(length), (0...address.family.addressWidth).contains(number),
            let prefix = Prefix(of: address, length: number)
        else { return [] }
        return [notation(prefix), "\(address)"]
    }

    /// `192.0.2.9-192.0.2.1`, `192.0.2.1-9`.
    private static func ranges(_ text: String) -> [String] {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2, let first = IPAddress(ends[0]) else { return [] }
        if IPAddress(ends[1]) != nil { return ["\(ends[1])-\(ends[0])"] }
        guard first.family == .ipv4, let dot = ends[0].lastIndex(of: "."), UInt8(ends[1]) != nil else {
            return []
        }
        return ["\(ends[0])-\(ends[0][...dot])\(ends[1])"]
    }

    /// Zeros at the front of a part mean octal to some programs.
    private static func unpadded(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        return parts.map { part in
            let digits = part.drop { $0 == "0" }
            return digits.isEmpty && !part.isEmpty ? "0" : String(digits)
        }.joined(separator: ".")
    }

    /// `192.0.2.*`, `192.0.2.x`, `192.0.2.` and `192.0.2` are 192.0.2.0/24.
    private static func network(ofPattern text: String) -> String? {
        let parts = text.split(separator: ".").map(String.init)
        let known = parts.prefix { UInt8($0) != nil }
        let isPattern = parts.dropFirst(known.count).allSatisfy { ["*", "x", "X"].contains($0) }
        guard isPattern, (1...3).contains(known.count), parts.count <= 4, text.contains(".") else {
            return nil
        }
        let zeros = Array(repeating: "0", count: 4 - known.count)
        return (known + zeros).joined(separator: ".") + "/\(known.count * 8)"
    }

    private static func notation(_ prefix: Prefix) -> String {
        "\(IPAddress(family: prefix.family, value: prefix.first))/\(prefix.length)"
    }
}
