/// A rule of a save file.
package struct SavedRule: Hashable, Sendable {
    /// From `-A` on, without the counters.
    var line: Substring
    var words: [Substring]
    package let packets: UInt64
    package let bytes: UInt64

    /// Nil for a line that is no rule. Counters stand before the rule: [12:3400] -A INPUT …
    package init?(_ text: Substring) {
        let isCounted = text.utf8.first == UInt8(ascii: "[")
        let space = isCounted ? text.utf8.firstIndex(of: UInt8(ascii: " ")) : nil
        line = space.map { text[$0...].dropFirst() } ?? text
        words = line.listedWords
        guard words.count > 1, words[0] == "-A" else { return nil }
        let counts = space.map { text[..<$0].dropFirst().dropLast() } ?? ""
        let counted = counts.split(separator: ":").map { UInt64($0) ?? 0 }
        (packets, bytes) = counted.count == 2 ? (counted[0], counted[1]) : (0, 0)
    }

    /// The chain that it stands in.
    package var chain: Substring { words[1] }

    /// The words after the chain, as they are written.
    package var body: Substring { line[words[1].endIndex...].dropFirst() }

    /// The chain or the extension that it leads to.
    var target: Substring? {
        words.lastIndex { $0 == "-j" || $0 == "-g" }.flatMap { words.dropFirst($0 + 1).first }
    }

    var isInOwnChain: Bool { words[1].hasPrefix(IptablesProgram.chainPrefix) }

    var isJumpToOwnChain: Bool {
        !isInOwnChain && target?.hasPrefix(IptablesProgram.chainPrefix) == true
    }
}
