package import Netfilter
package import PacketModel

/// The syntax of one match extension: the conditions it speaks for, and its words for them.
package protocol MatchExtension: SendableMetatype {
    /// The ways in which the condition can hold, each as options that must all hold; no two hold together.
    ///
    /// Nil when the condition belongs to another extension.
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]?
}

/// A condition without its `not`.
package struct Test: Hashable, Sendable {
    package var condition: Condition
    package var isNegated: Bool

    package init(_ condition: Condition) {
        var (inner, negated) = (condition, false)
        while case .not(let next) = inner { (inner, negated) = (next, !negated) }
        self.condition = inner
        isNegated = negated
    }

    /// One alternative for each text; negated, all of them must fail together.
    func either(_ texts: [MatchText]) -> [[MatchText]] {
        guard isNegated else { return texts.map { [$0] } }
        return [
            texts.map { text in
                var text = text
                text.isNegated = true
                return text
            }
        ]
    }
}

/// What the words of a condition depend on besides the condition.
package struct RuleContext {
    package var family: IPFamily
    /// The protocol that the rule asks for with `-p`.
    package var transportProtocol: IPProtocol?
    /// The ipsets of the ruleset, by name.
    package var sets: [String: NamedSet]

    package init(family: IPFamily, transportProtocol: IPProtocol? = nil, sets: [String: NamedSet] = [:]) {
        self.family = family
        self.transportProtocol = transportProtocol
        self.sets = sets
    }
}

/// Every extension that Wallwright writes; a new one is a file of its own and a line here.
enum MatchRegistry {
    static let all: [any MatchExtension.Type] = [
        AddressMatch.self,
        AddressTypeMatch.self,
        InterfaceMatch.self,
        ProtocolMatch.self,
        TCPMatch.self,
        UDPMatch.self,
        MultiportMatch.self,
        ICMPMatch.self,
        HopLimitMatch.self,
        ConntrackMatch.self,
        OwnerMatch.self,
        SetMatch.self,
        TimeMatch.self,
        LimitMatch.self,
        HashlimitMatch.self,
    ]

    static func alternatives(
        of condition: Condition,
        in context: RuleContext
    ) throws(Inexpressible) -> [[MatchText]] {
        let test = Test(condition)
        for match in all {
            if let alternatives = try match.alternatives(of: test, in: context) { return alternatives }
        }
        throw Inexpressible("no match of iptables says \(condition)")
    }
}
