import Netfilter
import Policy

/// The lines of `nat:`.
extension IptablesLowering {
    /// Writes the chains of the table `nat`; returns the built-in chains that must lead to them.
    mutating func addTranslation() -> [String] {
        let rules = TranslationRules(policy, family)
        var used: [String] = []
        for (name, rules) in [("PREROUTING", rules.arriving), ("POSTROUTING", rules.leaving)]
        where !rules.isEmpty {
            chains.start(Self.prefix + name)
            chains.add(rules, to: Self.prefix + name)
            used.append(name)
        }
        return used
    }
}
