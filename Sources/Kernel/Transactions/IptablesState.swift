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

    func has(table: String) -> Bool { tables[table] != nil }

    /// Whether the built-in chain already leads to the target of the jump.
    func has(_ jump: IptablesProgram.Jump) -> Bool {
        let target = jump.words.suffix(2)
        return tables[jump.table]?.rules.contains { rule in
            rule.words.count > 3 && rule.words[1] == jump.chain
                && rule.words.suffix(2).elementsEqual(target, by: ==)
        } == true
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
            for rule in table.rules where rule.isJumpToOwnChain {
                var hash = ContentHash()
                hash.combine(String(rule.line))
                parts.append(.init("the jump from \(rule.words[1]) \(place)", hash))
            }
        }
        return parts
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

    /// What an earlier commit left in each table and the family has not got.
    func leftovers(besides family: IptablesProgram.Family) -> [String: Leftovers] {
        let declared = family.chains
        var result: [String: Leftovers] = [:]
        for (name, table) in tables {
            let chains = table.ownChains.filter { declared[name]?.contains($0) != true }
            guard !chains.isEmpty else { continue }
            let jumps = table.rules.filter { rule in
                rule.isJumpToOwnChain && chains.contains { rule.target == $0 }
            }
            result[name] = Leftovers(chains: chains.sorted(), jumps: jumps.map(\.line))
        }
        return result
    }

    /// Text for `iptables-restore` that brings this state back, after tables were loaded that it does not have.
    func text(emptying tables: [String]) -> String {
        let new = tables.filter { !has(table: $0) }.map { table in
            let chains = Self.builtInChains[table, default: []].map { ":\($0) ACCEPT [0:0]\n" }
            return "*\(table)\n\(chains.joined())COMMIT\n"
        }
        return text + new.joined()
    }

    /// The built-in chains (iptables(8), "TABLES").
    private static let builtInChains = [
        "filter": ["INPUT", "FORWARD", "OUTPUT"],
        "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        "raw": ["PREROUTING", "OUTPUT"],
        "security": ["INPUT", "FORWARD", "OUTPUT"],
    ]
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

/// Chains of ours that the new text does not have, and the rules that lead to them.
struct Leftovers: Hashable, Sendable {
    var chains: [Substring]
    var jumps: [Substring]

    /// Empties the chains; comes first in the transaction.
    var emptying: String { chains.map { ":\($0) - [0:0]\n" }.joined() }

    /// Takes jumps and chains away; comes last.
    var removing: String {
        jumps.map { "-D \($0.dropFirst("-A ".count))\n" }.joined() + chains.map { "-X \($0)\n" }.joined()
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

    /// The tables that the text loads, in its order.
    var tables: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("*") }.map { String($0.dropFirst()) }
    }

    /// The text with the jumps that `state` has not got, and without what an earlier commit left there: each in
    /// the transaction of its table.
    func text(over state: IptablesState) -> String {
        let leftovers = state.leftovers(besides: self)
        var endings: [String: String] = [:]
        // Each insertion goes to the top, so the first one comes last.
        for jump in jumps.reversed() where !state.has(jump) {
            endings[jump.table, default: ""] += "-I \(jump.chain) 1 \(jump.words.joined(separator: " "))\n"
        }
        for (table, rest) in leftovers { endings[table, default: ""] += rest.removing }
        var (result, table) = ("", "")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line == "COMMIT" { result += endings.removeValue(forKey: table) ?? "" }
            result += line + "\n"
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                result += leftovers[table]?.emptying ?? ""
            }
        }
        for (table, ending) in endings.sorted(by: { $0.key < $1.key }) {
            result += "*\(table)\n\(leftovers[table]?.emptying ?? "")\(ending)COMMIT\n"
        }
        return result
    }
}
