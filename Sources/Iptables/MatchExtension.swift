package import Netfilter
package import PacketModel

/// A match extension, or a few that are one thing in two families: its syntax, and its words for conditions.
package protocol MatchExtension: SendableMetatype {
    /// What it reads and writes back; empty for what iptables has by itself.
    static var syntaxes: [ExtensionSyntax] { get }

    /// The ways in which the condition can hold, each as options that must all hold; no two hold together.
    ///
    /// Nil when the condition belongs to another extension.
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]?

    /// What the match asks of a packet, all of it to hold; nil for what the model does not know.
    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]?

    /// The same, where it is known what ipsets hold.
    static func conditions(of instance: ExtensionInstance, _ family: IPFamily, knowing sets: IpsetLookup)
        -> [Condition]?
}

extension MatchExtension {
    package static var syntaxes: [ExtensionSyntax] { [] }

    package static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? { nil }

    package static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? { nil }

    package static func conditions(
        of instance: ExtensionInstance,
        _ family: IPFamily,
        knowing sets: IpsetLookup
    ) -> [Condition]? {
        conditions(of: instance, family)
    }
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

/// Every match that Wallwright knows; a new one is a file of its own and a line here.
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
        AccountingMatch.self,
        BPFMatch.self,
        CgroupMatch.self,
        ClusterMatch.self,
        CommentMatch.self,
        ConnbytesMatch.self,
        ConnlimitMatch.self,
        ConnlabelMatch.self,
        CPUMatch.self,
        DCCPMatch.self,
        DSCPMatch.self,
        ECNMatch.self,
        FingerprintMatch.self,
        HelperMatch.self,
        IPVSMatch.self,
        LengthMatch.self,
        MACMatch.self,
        MarkMatch.self,
        PacketTypeMatch.self,
        PhysdevMatch.self,
        PolicyMatch.self,
        QuotaMatch.self,
        RateEstimatorMatch.self,
        RealmMatch.self,
        RecentMatch.self,
        RpfilterMatch.self,
        SCTPMatch.self,
        SecurityParameterMatch.self,
        SocketMatch.self,
        StatisticMatch.self,
        StringMatch.self,
        TCPMSSMatch.self,
        TOSMatch.self,
        EUI64Match.self,
        FragmentHeaderMatch.self,
        HeaderOptionsMatch.self,
        IPv6HeaderMatch.self,
        MobilityHeaderMatch.self,
        RoutingHeaderMatch.self,
        SegmentRoutingMatch.self,
        U32Match.self,
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
