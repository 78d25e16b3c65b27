import Diagnostics
package import PacketModel

/// A table after commands: what iptables-restore or the tool itself leaves in the kernel.
package struct LoadedTable: Sendable {
    package struct Chain: Sendable {
        /// `ACCEPT` or `DROP`; nil for a chain of the user.
        package var policy: String?
        package var counters: Counters?
        package var rules: RuleList = []
    }

    /// Who gives the commands (measured on 1.8.9).
    package enum Mode: Sendable {
        /// A whole save file, loaded at its COMMIT.
        case file
        /// One command after the other, each at once.
        case live
    }

    package let table: BuiltInTable
    package internal(set) var chains: [String: Chain] = [:]
    /// Nothing is made in the kernel until a command asks for it.
    package private(set) var isThere = false
    var graph = ChainGraph()

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

    /// A refused command changes nothing.
    mutating func apply(_ command: Command, _ mode: Mode) throws(Refusal) {
        do {
            try perform(command.action, mode)
            if command.action.makesTable { isThere = true }
        } catch {
            throw error.at(command.chainRange)
        }
    }

    private mutating func perform(_ action: Command.Action, _ mode: Mode) throws(Refusal) {
        switch action {
        case .append(let chain, let rules):
            let count = try checkRules(rules, in: chain)
            try insert(rules, into: chain, at: count, mode)
        case .insert(let chain, let number, let rules):
            let count = try checkRules(rules, in: chain)
            guard number <= count + 1 else {
                throw Refusal(
                    "command.number",
                    "the chain has \(count) rules: number \(number) is too far down"
                )
            }
            try insert(rules.reversed(), into: chain, at: number - 1, mode)
        case .replace(let chain, let number, let rule):
            let count = try checkRules([rule], in: chain)
            guard number <= count else { throw missingRule(chain, count) }
            guard mode == .live else {
                throw Refusal(
                    "command.crash",
                    "iptables-restore 1.8.9 crashes on -R of a rule of the same file"
                )
            }
            try insert([rule], into: chain, at: number, mode)
            removeRule(number - 1, of: chain)
        case .delete(let chain, let rules):
            for place in try places(of: rules, in: chain) { removeRule(place, of: chain) }
        case .deleteNumber(let chain, let number):
            let count = try self.chain(chain).rules.count
            guard number <= count else { throw missingRule(chain, count) }
            removeRule(number - 1, of: chain)
        case .check(let chain, let rules): _ = try places(of: rules, in: chain)
        case .flush(let chain):
            // Without a name the tool looks for chains in the kernel, where those of the file are not yet.
            if chain == nil, mode == .file { return }
            for name in try names(chain) { flush(name) }
        case .zero(let chain, let number):
            if let chain, !isThere { throw missingChain(chain) }
            for name in try names(chain) { try zero(name, number) }
        case .list(let chain, let listing):
            for name in try names(chain) where listing.isZeroed { try zero(name, nil) }
        case .newChain(let chain):
            if chains[chain] != nil { throw Refusal("chain.exists", "there is a chain \(chain) already") }
            if isTarget(chain) || chain == "standard" {
                throw Refusal("chain.name.target", "\(chain) is the name of a target")
            }
            chains[chain] = Chain()
        case .deleteChain(let chain): try delete(chain, mode)
        case .rename(let chain, let name): try rename(chain, to: name, mode)
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
                if chains[chain] != nil { flush(chain) }
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
            // What is not said clearly is not taken for an ACCEPT.
            let near = NearestSpelling.candidates(for: policy, among: ["ACCEPT", "DROP"]).first ?? "DROP"
            throw Refusal("chain.policy", "\(policy) is not a policy", fix: .write(near)).about(policy)
        }
        chains[chain]?.policy = policy
        chains[chain]?.counters = counters
    }

    private mutating func zero(_ name: String, _ number: Int?) throws(Refusal) {
        guard let number else {
            if chains[name]?.counters != nil { chains[name]?.counters = nil }
            for place in chains[name]?.rules.indices ?? 0..<0 where chains[name]?.rules[place].counters != nil
            {
                chains[name]?.rules[place].counters = nil
            }
            return
        }
        let count = chains[name]?.rules.count ?? 0
        guard number <= count else { throw missingRule(name, count) }
        chains[name]?.rules[number - 1].counters = nil
    }

    /// The number of rules of the chain, when rules like these may come to it.
    private func checkRules(_ rules: [RuleSyntax], in chain: String) throws(Refusal) -> Int {
        for rule in rules {
            guard let target = rule.followedChain else { continue }
            guard let found = chains[target] else {
                let isTarget = isTarget(target)
                throw Refusal(
                    "chain.undefined",
                    "there is no chain \(target)",
                    fix: isTarget
                        ? Fix("write -j \(target)")
                        : CommandReader.verdicts[target.uppercased()].map { .write($0) }
                            ?? NearestSpelling.fix(
                                for: target,
                                among: chains.keys.filter { chains[$0]?.policy == nil } + targetNames
                            ),
                    at: rule.range
                ).about(target, isLast: true)
            }
            if found.policy != nil {
                throw Refusal(
                    "chain.builtin",
                    "\(target) is a built-in chain: no rule can lead to it",
                    at: rule.range
                )
            }
        }
        return try self.chain(chain).rules.count
    }

    func chain(_ name: String) throws(Refusal) -> Chain {
        guard let chain = chains[name] else { throw missingChain(name) }
        return chain
    }

    private func missingChain(_ name: String) -> Refusal {
        Refusal(
            "chain.undefined",
            "the table \(table.rawValue) has no chain \(name) here",
            fix: NearestSpelling.fix(for: name, among: chains.keys.filter { $0 != name })
        ).about(name)
    }

    private func names(_ chain: String?) throws(Refusal) -> [String] {
        guard let chain else { return Array(chains.keys) }
        _ = try self.chain(chain)
        return [chain]
    }

    /// Where the rules stand, each in turn as if those before it were taken away.
    private func places(of rules: [RuleSyntax], in chain: String) throws(Refusal) -> [Int] {
        var places: [Int] = []
        var left = try self.chain(chain).rules
        for rule in rules {
            guard let place = left.firstIndex(where: { $0.isSame(as: rule) }) else {
                throw Refusal("command.rule.missing", "the chain has no such rule")
            }
            places.append(place)
            if rules.count > 1 { left.remove(at: place) }
        }
        return places
    }

    private var targetNames: [String] { ExtensionRegistry.targetNames(family) }

    private func isTarget(_ name: String) -> Bool { targetNames.contains(name) }

    private func missingRule(_ chain: String, _ count: Int) -> Refusal {
        Refusal("command.number", "\(chain) has \(count == 1 ? "one rule" : "\(count) rules")")
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
