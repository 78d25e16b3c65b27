extension LoadedRuleset {
    /// The ipsets that packets add to, or take from, by a rule.
    var setsThatRulesChange: Set<String> {
        var names: Set<String> = []
        for rule in tables.values.flatMap(\.chains.values).flatMap(\.rules) {
            guard case .target(let target)? = rule.action else { continue }
            names.formUnion(target.sets(["add-set", "del-set"]))
        }
        return names
    }

    /// The ipsets that rules name: the kernel keeps them as long as the rule stands.
    var setsThatRulesName: Set<String> {
        var names: Set<String> = []
        for rule in tables.values.flatMap(\.chains.values).flatMap(\.rules) { names.formUnion(rule.sets) }
        return names
    }
}

extension RuleSyntax {
    /// The ipsets that it names.
    var sets: [String] {
        var sets = matches.flatMap { $0.sets(["match-set"]) }
        if case .target(let target)? = action { sets += target.sets(["add-set", "del-set", "map-set"]) }
        return sets
    }
}

extension ExtensionInstance {
    fileprivate func sets(_ options: [String]) -> [String] {
        guard syntax.name == "set" || syntax.name == "SET" else { return [] }
        return options.compactMap { self[$0]?.items.first }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}

extension Command {
    /// The ipsets that its rules name.
    var sets: [String] {
        switch action {
        case .append(_, let rules), .insert(_, _, let rules), .check(_, let rules), .delete(_, let rules):
            rules.flatMap(\.sets)
        case .replace(_, _, let rule): rule.sets
        case .deleteNumber, .flush, .zero, .newChain, .deleteChain, .rename, .policy, .declare, .list: []
        }
    }
}
