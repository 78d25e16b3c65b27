import Diagnostics
package import PacketModel

/// A table after the commands of a file: what iptables-restore leaves in the kernel.
package struct LoadedTable: Sendable {
    package struct Chain: Sendable {
        /// `ACCEPT` or `DROP`; nil for a chain of the user.
        package var policy: String?
        package var counters: Counters?
        package var rules: [RuleSyntax] = []
    }

    package let table: BuiltInTable
    package private(set) var chains: [String: Chain] = [:]
    /// Nothing is made in the kernel until a command asks for it.
    package private(set) var isThere = false

    private let family: IPFamily

    package init(_ table: BuiltInTable, family: IPFamily) {
        self.table = table
        self.family = family
        for chain in table.chains { chains[chain.rawValue] = Chain(policy: "ACCEPT") }
    }

    /// Built-in chains by their hooks, then those of the user by name.
    package var chainNames: [String] {
        let builtIn = table.chains.map(\.rawValue)
        let own = chains.filter { $0.value.policy == nil }.keys
        return builtIn + own.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    mutating func apply(_ command: Command) throws(Refusal) {
        do {
            try perform(command.action)
            if command.action.makesTable { isThere = true }
        } catch {
            throw error.at(command.chainRange)
        }
    }

    private mutating func perform(_ action: Command.Action) throws(Refusal) {
        switch action {
        case .append(let chain, let rules):
            try checkRules(rules, in: chain)
            chains[chain]?.rules += rules
        case .insert(let chain, let number, let rules):
            let count = try checkRules(rules, in: chain)
            guard number <= count + 1 else {
                throw Refusal(
                    "command.number",
                    "the chain has \(count) rules: number \(number) is too far down"
                )
            }
            chains[chain]?.rules.insert(contentsOf: rules.reversed(), at: number - 1)
        case .replace(let chain, let number, let rule):
            let count = try checkRules([rule], in: chain)
            guard number <= count else { throw missingRule(chain, count) }
            throw Refusal("command.crash", "iptables-restore 1.8.9 crashes on -R of a rule of the same file")
        case .delete(let chain, let rules):
            for rule in rules {
                guard let place = try place(of: rule, in: chain) else { throw noSuchRule }
                chains[chain]?.rules.remove(at: place)
            }
        case .deleteNumber(let chain, let number):
            let count = try self.chain(chain).rules.count
            guard number <= count else { throw missingRule(chain, count) }
            chains[chain]?.rules.remove(at: number - 1)
        case .check(let chain, let rules):
            for rule in rules {
                guard try place(of: rule, in: chain) != nil else { throw noSuchRule }
            }
        case .flush(let chain):
            for name in try names(chain) { chains[name]?.rules = [] }
        case .zero(let chain):
            if let chain, !isThere { throw missingChain(chain) }
            _ = try names(chain)
        case .list(let chain): _ = try names(chain)
        case .newChain(let chain):
            if chains[chain] != nil { throw Refusal("chain.exists", "there is a chain \(chain) already") }
            if isTarget(chain) || chain == "standard" {
                throw Refusal("chain.name.target", "\(chain) is the name of a target")
            }
            chains[chain] = Chain()
        case .deleteChain(let chain): try delete(chain)
        case .rename(let chain):
            guard try self.chain(chain).policy == nil else { throw builtIn(chain) }
            throw Refusal(
                "chain.rename",
                "iptables-restore cannot rename a chain that the same file makes"
            )
        case .policy(let chain, let policy):
            guard try self.chain(chain).policy != nil else {
                throw Refusal("chain.policy.user", "only a built-in chain has a policy")
            }
            if table == .nat, policy == "DROP" {
                throw Refusal(
                    "target.table",
                    "the table nat is not for filtering: iptables refuses DROP there"
                )
            }
            try setPolicy(of: chain, policy, nil)
        case .declare(let chain, let policy, let counters):
            if chains[chain]?.policy == nil {
                chains[chain] = Chain()
            } else {
                try setPolicy(of: chain, policy, counters)
            }
        }
    }

    private mutating func setPolicy(of chain: String, _ policy: String, _ counters: Counters?) throws(Refusal)
    {
        switch policy {
        case "ACCEPT", "DROP": break
        case "-": return
        default:
            throw Refusal("chain.policy", "\(policy) is no policy", fix: "write ACCEPT or DROP")
        }
        chains[chain]?.policy = policy
        chains[chain]?.counters = counters
    }

    private mutating func delete(_ chain: String?) throws(Refusal) {
        if let chain, try self.chain(chain).policy != nil { throw builtIn(chain) }
        let gone = chain.map { [$0] } ?? chainNames.filter { chains[$0]?.policy == nil }
        for name in gone {
            if chains.values.contains(where: { $0.rules.contains { $0.followedChain == name } }) {
                throw Refusal("chain.used", "rules lead to the chain \(name), so it cannot be deleted")
            }
            if chains[name]?.rules.isEmpty == false {
                throw Refusal("chain.used", "the chain \(name) has rules, so it cannot be deleted")
            }
            chains[name] = nil
        }
    }

    /// The number of rules of the chain, when rules like these may come to it.
    @discardableResult
    private func checkRules(_ rules: [RuleSyntax], in chain: String) throws(Refusal) -> Int {
        for rule in rules {
            guard let target = rule.followedChain, chains[target] == nil else { continue }
            let isTarget = isTarget(target)
            throw Refusal(
                "chain.undefined",
                "there is no chain \(target)",
                fix: isTarget
                    ? "write -j \(target)"
                    : NearestSpelling.fix(for: target, among: chains.keys + targetNames),
                at: rule.range
            )
        }
        return try self.chain(chain).rules.count
    }

    private func chain(_ name: String) throws(Refusal) -> Chain {
        guard let chain = chains[name] else { throw missingChain(name) }
        return chain
    }

    private func missingChain(_ name: String) -> Refusal {
        Refusal(
            "chain.undefined",
            "the table \(table.rawValue) has no chain \(name) here",
            fix: NearestSpelling.fix(for: name, among: chains.keys.filter { $0 != name })
                ?? "write :\(name) - [0:0] above"
        )
    }

    private func names(_ chain: String?) throws(Refusal) -> [String] {
        guard let chain else { return Array(chains.keys) }
        _ = try self.chain(chain)
        return [chain]
    }

    private func place(of rule: RuleSyntax, in chain: String) throws(Refusal) -> Int? {
        try self.chain(chain).rules.firstIndex { $0.isSame(as: rule) }
    }

    private var targetNames: [String] { ExtensionRegistry.targetNames(family) }

    private func isTarget(_ name: String) -> Bool { targetNames.contains(name) }

    private var noSuchRule: Refusal {
        Refusal("command.rule.missing", "the chain has no such rule")
    }

    private func missingRule(_ chain: String, _ count: Int) -> Refusal {
        Refusal("command.number", "\(chain) has \(count == 1 ? "one rule" : "\(count) rules")")
    }

    private func builtIn(_ chain: String) -> Refusal {
        Refusal("chain.builtin", "\(chain) is a built-in chain")
    }
}

extension Command.Action {
    /// Whether the tool makes the built-in chains of a table that is not there.
    fileprivate var makesTable: Bool {
        switch self {
        case .flush(nil), .zero, .deleteChain(nil), .list: false
        default: true
        }
    }
}
