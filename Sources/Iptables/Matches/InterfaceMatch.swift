import Netfilter
import PacketModel

/// `-i` and `-o`; a name that ends in `+` stands for all that begin so (iptables(8)).
enum InterfaceMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .interface(let field, let patterns) = test.condition else { return nil }
        if test.isNegated && patterns.count > 1 {
            throw Inexpressible("a rule of iptables can exclude one interface only")
        }
        if let odd = patterns.first(where: { !$0.isWildcard && $0.text.hasSuffix("+") }) {
            throw Inexpressible("iptables would read the interface \(odd) as a pattern")
        }
        return test.either(
            disjoint(patterns).map { pattern in
                // With a stem of the longest name there is, nothing can follow it, nor has the `+` a place.
                let isOpen = pattern.isWildcard && pattern.stem.utf8.count < InterfacePattern.longestName
                let name = isOpen ? pattern.stem + "+" : pattern.stem
                return MatchText(nil, field == .inputInterface ? "-i" : "-o", name)
            }
        )
    }

    /// Without the patterns that another one covers: a packet must not meet two alternatives of one rule.
    private static func disjoint(_ patterns: [InterfacePattern]) -> [InterfacePattern] {
        Set(patterns).filter { pattern in
            !patterns.contains { $0 != pattern && $0.isWildcard && pattern.stem.hasPrefix($0.stem) }
        }
        .sorted()
    }
}
