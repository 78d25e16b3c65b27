import PacketModel

/// What `iptables-save` said of one family.
struct IptablesState: Hashable, Sendable {
    let text: String

    private let tables: [String: SavedTable]

    init(_ text: String) {
        self.text = text
        var tables: [String: SavedTable] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
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
    fileprivate var jumps: [BuiltInChain: [SavedTable.Rule]] {
        var result: [BuiltInChain: [SavedTable.Rule]] = [:]
        for (name, table) in tables {
            for rule in table.rules where rule.isJumpToOwnChain {
                result[BuiltInChain(table: name, chain: String(rule.words[1])), default: []].append(rule)
            }
        }
        return result
    }

    /// What stands in a built-in chain before the last rule that leads to ours, and is not ours.
    fileprivate func strangers(before chain: BuiltInChain) -> [SavedTable.Rule] {
        let rules = tables[chain.table]?.rules.filter { $0.words[1] == chain.chain } ?? []
        guard let last = rules.lastIndex(where: \.isJumpToOwnChain) else { return [] }
        return rules[..<last].filter {
            !$0.isJumpToOwnChain && $0.target.map { $0 == IptablesBans.chain } != true
        }
    }

    /// Whether the table `filter` has the chain.
    func hasChain(_ chain: String) -> Bool {
        tables["filter"]?.chains.contains { $0 == chain } == true
    }

    /// Whether a built-in chain of the table `filter` leads to the chain.
    func hasJump(from builtIn: String, to chain: String) -> Bool {
        tables["filter"]?.rules.contains { $0.words[1] == builtIn && $0.target.map { $0 == chain } == true }
            == true
    }

    /// Our chains and the jumps that lead to them, without counters.
    var own: IptablesProgram.Family {
        var own = IptablesProgram.Family(text: "", jumps: [])
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) where !table.ownChains.isEmpty {
            let chains = table.ownChains.map { ":\($0) - [0:0]\n" }
            let rules = table.rules.filter(\.isInOwnChain).map { "\($0.line)\n" }
            own.text += "*\(name)\n\(chains.joined())\(rules.joined())COMMIT\n"
            own.jumps += table.rules.filter(\.isJumpToOwnChain).map { rule in
                .init(
                    table: name,
                    chain: String(rule.words[1]),
                    words: rule.words.dropFirst(2).map(String.init)
                )
            }
        }
        return own
    }

    /// Our chains, each with its rules, and the jumps that lead to them.
    func listing(_ family: IPFamily) -> [FirewallListing.Part] {
        var parts: [FirewallListing.Part] = []
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
            let place = "of \(family.rawValue) table \(name)"
            for chain in table.ownChains.sorted() {
                let rules = table.rules.filter { $0.words[1] == chain }
                parts.append(.init("chain \(chain) \(place)", ContentHash()))
                for (number, rule) in rules.enumerated() {
                    var hash = ContentHash()
                    hash.combine(String(rule.line))
                    parts.append(.init("rule \(number + 1) of chain \(chain) \(place)", hash))
                }
            }
        }
        for (chain, rules) in jumps.sorted(by: { $0.key < $1.key }) {
            let place = "the jump from \(chain.chain) of \(family.rawValue) table \(chain.table)"
            for rule in rules {
                var hash = ContentHash()
                hash.combine(String(rule.line))
                parts.append(.init(place, hash))
            }
            for stranger in strangers(before: chain) {
                parts.append(.init("a rule before \(place), \(stranger.line),", ContentHash()))
            }
        }
        return parts
    }

    /// The chain of bans with its rules, and the jumps that lead to it.
    func banListing(_ family: IPFamily) -> [FirewallListing.Part] {
        let rules = tables["filter"]?.rules.filter { rule in
            rule.words[1] == IptablesBans.chain || rule.target.map { $0 == IptablesBans.chain } == true
        }
        return (rules ?? []).map { rule in
            var hash = ContentHash()
            hash.combine(String(rule.line))
            return .init("the \(family.rawValue) rule \(rule.line)", hash)
        }
    }

    /// What our rules have counted, by their comments.
    func count(into counters: inout FirewallCounters) {
        for table in tables.values {
            for rule in table.rules where rule.isInOwnChain {
                guard let comment = SavedComment.text(in: rule.line, after: " --comment ") else { continue }
                counters.add(comment, packets: rule.packets, bytes: rule.bytes)
            }
        }
    }

    /// The tables of hashlimit that our rules fill: name, the comment of a rule, and the most buckets that are kept.
    var hashlimits: [(name: String, comment: String, size: Int)] {
        var known: Set<String> = []
        return tables.values.flatMap(\.rules).compactMap { rule in
            func value(_ option: String) -> Substring? {
                rule.words.firstIndex { $0 == option }.flatMap { rule.words.dropFirst($0 + 1).first }
            }
            guard rule.isInOwnChain, let name = value("--hashlimit-name").map(String.init),
                let size = value("--hashlimit-htable-max").flatMap({ Int($0) }),
                let comment = SavedComment.text(in: rule.line, after: " --comment "),
                known.insert(name).inserted
            else { return nil }
            return (name, comment, size)
        }
    }

    /// The chains of ours in each table that the family has not got.
    fileprivate func leftovers(besides family: IptablesProgram.Family) -> [String: [Substring]] {
        let declared = family.chains
        var result: [String: [Substring]] = [:]
        for (name, table) in tables {
            let rest = table.ownChains.filter { declared[name]?.contains($0) != true }
            if !rest.isEmpty { result[name] = rest.sorted() }
        }
        return result
    }
}

/// A chain that the kernel enters by itself.
private struct BuiltInChain: Hashable, Comparable {
    let table: String
    let chain: String

    static func < (left: BuiltInChain, right: BuiltInChain) -> Bool {
        (left.table, left.chain) < (right.table, right.chain)
    }
}

/// One table of a save file.
private struct SavedTable: Hashable, Sendable {
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
        let rule = line.hasPrefix("[") ? line.drop { $0 != " " }.dropFirst() : line
        let words = rule.split(separator: " ")
        guard words.count > 1, words[0] == "-A" else { return }
        let counted = line.dropFirst().prefix { $0 != "]" }.split(separator: ":").map { UInt64($0) ?? 0 }
        let (packets, bytes) = line.hasPrefix("[") && counted.count == 2 ? (counted[0], counted[1]) : (0, 0)
        rules.append(Rule(line: rule, words: words, packets: packets, bytes: bytes))
    }
}

extension IptablesProgram.Family {
    /// The chains that the text declares in each table.
    fileprivate var chains: [String: Set<Substring>] {
        var result: [String: Set<Substring>] = [:]
        var table = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("*") { table = String(line.dropFirst()) }
            if line.hasPrefix(":") {
                result[table, default: []].insert(line.dropFirst().prefix { $0 != " " })
            }
        }
        return result
    }

    /// The text, with our jumps made the first rules of their chains and without what an earlier commit left there:
    /// each in the transaction of its table.
    func text(over state: IptablesState) -> String {
        let leftovers = state.leftovers(besides: self)
        var endings = jumpChanges(over: state)
        for (table, chains) in leftovers {
            endings[table, default: ""] += chains.map { "-X \($0)\n" }.joined()
        }
        func emptying(_ table: String) -> String {
            leftovers[table, default: []].map { ":\($0) - [0:0]\n" }.joined()
        }
        var (result, table) = ("", "")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line == "COMMIT" { result += endings.removeValue(forKey: table) ?? "" }
            result += line + "\n"
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                result += emptying(table)
            }
        }
        for (table, ending) in endings.sorted(by: { $0.key < $1.key }) {
            result += "*\(table)\n\(emptying(table))\(ending)COMMIT\n"
        }
        return result
    }

    /// For each table, what makes our jumps those that are wanted, and the first rules of their chains: a rule of
    /// somebody else before them could let through what we would stop.
    private func jumpChanges(over state: IptablesState) -> [String: String] {
        let wanted = Dictionary(grouping: jumps) { BuiltInChain(table: $0.table, chain: $0.chain) }
        let present = state.jumps
        var changes: [String: String] = [:]
        for chain in Set(wanted.keys).union(present.keys).sorted() {
            let (jumps, rules) = (wanted[chain] ?? [], present[chain] ?? [])
            let isRight = rules.map { $0.words.dropFirst(2).map(String.init) } == jumps.map(\.words)
            if isRight && state.strangers(before: chain).isEmpty { continue }
            let removals = rules.map { "-D \($0.line.dropFirst("-A ".count))\n" }
            // Each insertion goes to the top, so the first one comes last.
            let insertions = jumps.reversed().map {
                "-I \(chain.chain) 1 \($0.words.joined(separator: " "))\n"
            }
            changes[chain.table, default: ""] += (removals + insertions).joined()
        }
        return changes
    }
}
