import Compiler
import PacketModel

/// What `iptables-save` said of one family.
struct IptablesState: Hashable, Sendable {
    let text: String

    let tables: [String: SavedTable]

    init(_ text: String) {
        self.text = text
        var tables: [String: SavedTable] = [:]
        var name = ""
        for line in QuotedWords.lines(of: text) {
            if line.hasPrefix("*") {
                name = String(line.dropFirst())
                tables[name] = SavedTable()
            } else {
                tables[name]?.add(line)
            }
        }
        self.tables = tables
    }

    /// The rules that lead from built-in chains to ours, by table and chain, in their order.
    var jumps: [BuiltInChain: [SavedRule]] {
        var result: [BuiltInChain: [SavedRule]] = [:]
        for (name, table) in tables {
            for rule in table.rules where rule.isJumpToOwnChain {
                result[BuiltInChain(table: name, chain: String(rule.chain)), default: []].append(rule)
            }
        }
        return result
    }

    /// What stands in a built-in chain before the last rule that leads to ours, and is not ours.
    func strangers(before chain: BuiltInChain) -> [SavedRule] {
        let rules = tables[chain.table]?.rules.filter { $0.chain == chain.chain } ?? []
        guard let last = rules.lastIndex(where: \.isJumpToOwnChain) else { return [] }
        return rules[..<last].filter {
            !$0.isJumpToOwnChain && $0.target.map { $0 == BanPrograms.chain } != true
        }
    }

    /// Whether the table `filter` has the chain.
    func hasChain(_ chain: String) -> Bool {
        tables["filter"]?.chains.contains { $0 == chain } == true
    }

    /// Whether a built-in chain of the table `filter` leads to the chain.
    func hasJump(from builtIn: String, to chain: String) -> Bool {
        tables["filter"]?.rules.contains { $0.chain == builtIn && $0.target.map { $0 == chain } == true }
            == true
    }

    /// Our chains and the jumps that lead to them, without counters. What a stranger put into a chain of ours and cannot be
    /// written is no part of it: it would keep all the rest from being loaded.
    var own: IptablesProgram.Family {
        var own = IptablesProgram.Family(text: "", jumps: [])
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) where !table.ownChains.isEmpty {
            let chains = table.ownChains.map { ":\($0) - [0:0]\n" }
            let rules = table.rules.filter { $0.isInOwnChain && $0.isWritable }.map { "\($0.line)\n" }
            own.text += "*\(name)\n\(chains.joined())\(rules.joined())COMMIT\n"
            own.jumps += table.rules.filter { $0.isJumpToOwnChain && $0.isWritable }.map { rule in
                .init(
                    table: name,
                    chain: String(rule.chain),
                    words: rule.words.dropFirst(2).map(String.init)
                )
            }
        }
        return own
    }

    /// The chains of ours in each table that the family has not got.
    func leftovers(besides family: IptablesProgram.Family) -> [String: [Substring]] {
        let declared = family.chains
        var result: [String: [Substring]] = [:]
        for (name, table) in tables {
            let rest = table.ownChains.filter { declared[name]?.contains($0) != true }
            if !rest.isEmpty { result[name] = rest.sorted() }
        }
        return result
    }
}
