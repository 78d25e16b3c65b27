import Diagnostics

extension LoadedTable {
    /// A file is judged as a whole; live, the kernel judges every rule when it comes.
    mutating func insert(
        _ rules: [RuleSyntax],
        into chain: String,
        at place: Int,
        _ mode: Mode
    ) throws(Refusal) {
        if place == chains[chain]?.rules.count {
            chains[chain]?.rules.append(contentsOf: rules)
        } else {
            for rule in rules.reversed() { chains[chain]?.rules.insert(rule, at: place) }
        }
        var hasFault = false
        for rule in rules {
            switch mode {
            case .file: graph.add(rule, to: chain)
            case .live: if !graph.judge(rule, in: chain, hooks: table.chains) { hasFault = true }
            }
        }
        guard hasFault else { return }
        let error = pathErrors().first ?? Refusal("chain.loop", "the kernel refuses the rule where it stands")
        for number in rules.indices.reversed() { removeRule(place + number, of: chain) }
        throw error
    }

    mutating func removeRule(_ place: Int, of chain: String) {
        if let rule = chains[chain]?.rules.remove(at: place) { graph.remove(rule, from: chain) }
    }

    mutating func flush(_ chain: String) {
        for rule in chains[chain]?.rules ?? [] { graph.remove(rule, from: chain) }
        if chains[chain]?.rules.isEmpty == false { chains[chain]?.rules = [] }
    }

    mutating func delete(_ chain: String?, _ mode: Mode) throws(Refusal) {
        if let chain, let policy = try self.chain(chain).policy {
            // It is there again with the next rule, and shown as if it were until then.
            let isIdle = policy == "ACCEPT" && chains[chain]?.rules.isEmpty == true
            guard mode == .live, isThere, isIdle else { throw builtIn(chain) }
            return
        }
        let gone = chain.map { [$0] } ?? chainNames.filter { chains[$0]?.policy == nil }
        for name in gone {
            if graph.isUsed(name) {
                throw Refusal("chain.used", "rules lead to the chain \(name), so it cannot be deleted")
            }
            if chains[name]?.rules.isEmpty == false {
                throw Refusal("chain.used", "the chain \(name) has rules, so it cannot be deleted")
            }
        }
        for name in gone { chains[name] = nil }
    }

    mutating func rename(_ chain: String, to name: String, _ mode: Mode) throws(Refusal) {
        guard try self.chain(chain).policy == nil else { throw builtIn(chain) }
        if mode == .file {
            throw Refusal(
                "chain.rename",
                "iptables-restore cannot rename a chain that the same file makes"
            )
        }
        if chains[name] != nil { throw Refusal("chain.exists", "there is a chain \(name) already") }
        chains[name] = chains.removeValue(forKey: chain)
        graph.rename(chain, to: name)
        for place in chains.keys {
            for number in chains[place]?.rules.indices ?? 0..<0 {
                switch chains[place]?.rules[number].action {
                case .jump(chain): chains[place]?.rules[number].action = .jump(name)
                case .goto(chain): chains[place]?.rules[number].action = .goto(name)
                default: break
                }
            }
        }
    }

    private func builtIn(_ chain: String) -> Refusal {
        Refusal("chain.builtin", "\(chain) is a built-in chain")
    }
}
