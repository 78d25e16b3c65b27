/// Which chains of a table lead to which, kept rule by rule, so that a new rule is judged without a look at the others.
struct ChainGraph: Sendable {
    /// How many rules of a chain lead to each other chain.
    private var next: [String: [String: Int]] = [:]
    /// How many rules lead to a chain.
    private var users: [String: Int] = [:]
    /// How many matches and targets of a chain cannot stand at a hook.
    private var barred: [String: [BuiltInChain: Int]] = [:]
    /// How deep a chain lies below each built-in chain that leads to it; nil when it must be found anew.
    private var levels: [BuiltInChain: [String: Int]]?

    func isUsed(_ chain: String) -> Bool { (users[chain] ?? 0) > 0 }

    /// Without a judgement.
    mutating func add(_ rule: RuleSyntax, to chain: String) {
        count(rule, in: chain, 1)
        if rule.followedChain != nil { levels = nil }
    }

    mutating func remove(_ rule: RuleSyntax, from chain: String) {
        count(rule, in: chain, -1)
        if rule.followedChain != nil { levels = nil }
    }

    private mutating func count(_ rule: RuleSyntax, in chain: String, _ step: Int) {
        if let target = rule.followedChain {
            users[target, default: 0] += step
            let left = (next[chain]?[target] ?? 0) + step
            next[chain, default: [:]][target] = left == 0 ? nil : left
        }
        for instance in rule.instances {
            guard let hooks = instance.syntax.hooks else { continue }
            for hook in BuiltInChain.allCases where !hooks.contains(hook) {
                barred[chain, default: [:]][hook, default: 0] += step
            }
        }
    }

    mutating func rename(_ chain: String, to name: String) {
        for place in next.keys {
            if let rules = next[place]?.removeValue(forKey: chain) { next[place]?[name] = rules }
        }
        next[name] = next.removeValue(forKey: chain)
        users[name] = users.removeValue(forKey: chain)
        barred[name] = barred.removeValue(forKey: chain)
        levels = nil
    }

    /// Adds a rule; whether packets of the hooks may go through it, as the kernel judges. If not, it is to be removed.
    mutating func judge(_ rule: RuleSyntax, in chain: String, hooks: [BuiltInChain]) -> Bool {
        guard rule.followedChain != nil || rule.instances.contains(where: { $0.syntax.hooks != nil }) else {
            return true
        }
        var known = levels ?? allLevels(hooks)
        // Two owners would make every change a copy.
        levels = nil
        count(rule, in: chain, 1)
        for hook in hooks {
            guard let level = known[hook]?[chain] else { continue }
            if (barred[chain]?[hook] ?? 0) > 0 { return false }
            if let target = rule.followedChain,
                !lower(target, to: level + 1, hook, in: &known[hook, default: [:]])
            {
                return false
            }
        }
        levels = known
        return true
    }

    private func allLevels(_ hooks: [BuiltInChain]) -> [BuiltInChain: [String: Int]] {
        var levels: [BuiltInChain: [String: Int]] = [:]
        for hook in hooks { _ = lower(hook.rawValue, to: 0, hook, in: &levels[hook, default: [:]]) }
        return levels
    }

    /// Notes that the chain lies so deep, and what it leads to deeper. False when that goes too deep, as in a loop,
    /// or to a rule that cannot stand at the hook.
    private func lower(
        _ chain: String,
        to level: Int,
        _ hook: BuiltInChain,
        in levels: inout [String: Int]
    ) -> Bool {
        guard levels[chain].map({ $0 < level }) ?? true else { return true }
        if level > LoadedTable.deepestChain || (barred[chain]?[hook] ?? 0) > 0 { return false }
        levels[chain] = level
        for target in (next[chain] ?? [:]).keys {
            guard lower(target, to: level + 1, hook, in: &levels) else { return false }
        }
        return true
    }
}

extension RuleSyntax {
    /// Its matches, and its target when that is an extension.
    var instances: [ExtensionInstance] {
        guard case .target(let target) = action else { return matches }
        return matches + [target]
    }
}
