extension LoadedRuleset {
    /// The ipsets that packets add to, or take from, by a rule.
    var setsThatRulesChange: Set<String> {
        var names: Set<String> = []
        for rule in tables.values.flatMap(\.chains.values).flatMap(\.rules) {
            guard case .target(let target)? = rule.action, target.syntax.name == "SET" else { continue }
            for option in ["add-set", "del-set"] {
                guard let name = target[option]?.items.first else { continue }
                names.insert(String(decoding: name.bytes, as: UTF8.self))
            }
        }
        return names
    }
}
