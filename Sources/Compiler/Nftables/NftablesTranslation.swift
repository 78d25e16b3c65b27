import Netfilter
import PacketModel
import Policy

/// The lines of `nat:`.
extension NftablesLowering {
    mutating func addTranslation() {
        var (arriving, leaving): ([Rule], [Rule]) = ([], [])
        for family in IPFamily.allCases {
            let rules = TranslationRules(policy, family)
            arriving += rules.arriving.map { $0.prefixed(by: [.family(family)]) }
            leaving += rules.leaving.map { $0.prefixed(by: [.family(family)]) }
        }
        addBase("prerouting", .prerouting, priority: -100, arriving)
        addBase("postrouting", .postrouting, priority: 100, leaving)
    }

    /// A chain for NAT costs every connection something: it is there only when it has rules.
    private mutating func addBase(_ name: String, _ point: Chain.Hook.Point, priority: Int, _ rules: [Rule]) {
        guard !rules.isEmpty else { return }
        let hook = Chain.Hook(kind: .nat, point: point, priority: priority, policy: .accept)
        chains.append(Chain(name, hook: hook, rules: rules))
    }
}
