import Compiler

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
    var chains: [Substring] = []
    var rules: [SavedRule] = []

    var ownChains: [Substring] { chains.filter(IptablesProgram.isOwnChain) }

    mutating func add(_ line: Substring) {
        if line.hasPrefix(":") {
            chains.append(line.dropFirst().prefix { $0 != " " })
        } else if let rule = SavedRule(line) {
            rules.append(rule)
        }
    }
}
