/// A chain that the kernel enters by itself.
struct BuiltInChain: Hashable, Comparable {
    let table: String
    let chain: String

    static func < (left: BuiltInChain, right: BuiltInChain) -> Bool {
        (left.table, left.chain) < (right.table, right.chain)
    }
}

/// One table of a save file.
struct SavedTable: Hashable, Sendable {
    struct Rule: Hashable, Sendable {
        /// From `-A` on, without the counters.
        var line: Substring
        var words: [Substring]
        var packets: UInt64
        var bytes: UInt64

        /// The chain or the extension that it leads to.
        var target: Substring? {
            words.lastIndex { $0 == "-j" || $0 == "-g" }.flatMap { words.dropFirst($0 + 1).first }
        }

        var isInOwnChain: Bool { words[1].hasPrefix(IptablesProgram.chainPrefix) }

        var isJumpToOwnChain: Bool {
            !isInOwnChain && target?.hasPrefix(IptablesProgram.chainPrefix) == true
        }
    }

    var chains: [Substring] = []
    var rules: [Rule] = []

    var ownChains: [Substring] { chains.filter { $0.hasPrefix(IptablesProgram.chainPrefix) } }

    mutating func add(_ line: Substring) {
        if line.hasPrefix(":") {
            chains.append(line.dropFirst().prefix { $0 != " " })
            return
        }
        // Counters stand before the rule: [12:3400] -A INPUT …
        let isCounted = line.utf8.first == UInt8(ascii: "[")
        let space = isCounted ? line.utf8.firstIndex(of: UInt8(ascii: " ")) : nil
        let rule = space.map { line[$0...].dropFirst() } ?? line
        let words = rule.listedWords
        guard words.count > 1, words[0] == "-A" else { return }
        let counts = space.map { line[..<$0].dropFirst().dropLast() } ?? ""
        let counted = counts.split(separator: ":").map { UInt64($0) ?? 0 }
        let (packets, bytes) = counted.count == 2 ? (counted[0], counted[1]) : (0, 0)
        rules.append(Rule(line: rule, words: words, packets: packets, bytes: bytes))
    }
}
