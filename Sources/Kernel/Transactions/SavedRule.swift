import Compiler

/// A rule of a save file.
package struct SavedRule: Hashable, Sendable {
    /// From `-A` on, without the counters.
    package let line: Substring
    /// From `-A` on; a text keeps its quotes.
    package let words: [Substring]
    package let packets: UInt64
    package let bytes: UInt64

    /// Nil for a line that is no rule. Counters stand before the rule: [12:3400] -A INPUT …
    package init?(_ text: Substring) {
        let isCounted = text.utf8.first == UInt8(ascii: "[")
        let space = isCounted ? text.utf8.firstIndex(of: UInt8(ascii: " ")) : nil
        line = space.map { text[$0...].dropFirst() } ?? text
        guard line.utf8.starts(with: "-A ".utf8) else { return nil }
        words = QuotedWords.words(of: line)
        guard words.count > 1 else { return nil }
        let counts = space.map { text[..<$0].dropFirst().dropLast() } ?? ""
        let counted = counts.split(separator: ":").map { UInt64($0) ?? 0 }
        (packets, bytes) = counted.count == 2 ? (counted[0], counted[1]) : (0, 0)
    }

    /// The chain that it stands in.
    package var chain: Substring { words[1] }

    /// The words after the chain, as they are written.
    package var body: Substring { line[words[1].endIndex...].dropFirst() }

    /// The chain or the extension that it leads to.
    package var target: Substring? { Self.target(of: words).map { words[$0] } }

    /// The value of an option, quotes and all.
    func value(of option: Substring) -> Substring? {
        words.indices.dropFirst(2).dropLast().first {
            words[$0] == option && !words[$0 + 1].utf8.starts(with: "-".utf8)
        }.map { words[$0 + 1] }
    }

    /// What its comment says.
    var comment: String? { value(of: "--comment").map { QuotedWords.text(of: $0) } }

    /// The place of the target among the words of a rule. Texts and names may be called `-j` too: then an option follows, or
    /// they stand after an option that takes two words. No target begins with a dash.
    package static func target(of words: [some StringProtocol]) -> Int? { targets(of: words).first }

    private static func targets(of words: [some StringProtocol]) -> [Int] {
        words.indices.dropFirst(2).dropLast().filter { index in
            guard words[index] == "-j" || words[index] == "-g" else { return false }
            let next = words[index + 1].utf8.first
            return next != UInt8(ascii: "-") && next != UInt8(ascii: "!")
                && !optionsOfSets.contains(Substring(words[index - 1]))
        }.map { $0 + 1 }
    }

    private static let optionsOfSets: Set<Substring> = ["--match-set", "--add-set", "--del-set", "--map-set"]

    var isInOwnChain: Bool { IptablesProgram.isOwnChain(chain) }

    /// Whether it leads from somewhere else to a chain of ours. A chain has no options, so its name ends the line.
    var isJumpToOwnChain: Bool {
        guard !isInOwnChain, let index = Self.target(of: words), index == words.count - 1 else {
            return false
        }
        return IptablesProgram.isOwnChain(words[index])
    }

    /// Names that may have blanks are printed without quotes.
    private var hasBlankInName: Bool {
        words.indices.dropLast(2).contains { index in
            ["--name", "--hashlimit-name", "--label"].contains(words[index])
                && !words[index + 2].utf8.starts(with: "-".utf8) && words[index + 2] != "!"
        }
    }

    /// Whether iptables-restore reads from the line what iptables-save meant by it. It splits lines at each line break, and
    /// takes every quote for one that opens or closes a text; and what was no UTF-8 is lost by now.
    package var isWritable: Bool {
        let isOneLine = line.unicodeScalars.allSatisfy { $0 != "\n" && $0 != "\0" && $0 != "\u{FFFD}" }
        guard isOneLine, Self.targets(of: words).count < 2, !hasBlankInName else { return false }
        return words.indices.allSatisfy { index in
            !words[index].utf8.contains(UInt8(ascii: "\""))
                || (QuotedWords.isText(words[index]) && !QuotedWords.takesName(words[..<index].last))
        }
    }
}
