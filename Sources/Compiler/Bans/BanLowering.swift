import Netfilter
import PacketModel
import Policy

/// Turns bans into rulesets. As with a ban of a policy, loopback and what keeps a host on its link pass.
enum BanLowering {
    /// A table of its own just before the filter: changes of the firewall leave it alone, and their way back too.
    static func nftables(_ bans: [Ban]) -> Ruleset {
        let chains = BanPrograms.hooks.map { point in
            Chain(
                point.rawValue,
                hook: Chain.Hook(kind: .filter, point: point, priority: -1, policy: .accept),
                rules: (point == .input ? inbound : [])
                    + IPFamily.allCases.map { family in
                        Rule([.family(family), .member([.source], of: setName(family))], [.counter], .drop)
                    }
            )
        }
        let table = Table(
            family: .inet,
            name: BanPrograms.table,
            comment: "made by wallwright ban; wallwright unban takes one away",
            sets: IPFamily.allCases.map { set($0, bans) },
            chains: chains
        )
        return Ruleset(tables: [table])
    }

    /// A chain of its own in the table `filter`; a rule has no clock, so somebody takes away what ended. Nothing where no
    /// address of the family is banned.
    static func iptables(_ bans: [Ban], _ family: IPFamily) -> Ruleset {
        let prefixes = bans.disjoint(family).flatMap { $0.interval.prefixes(in: family) }
        guard !prefixes.isEmpty else { return Ruleset(tables: []) }
        let exceptions = exceptions(family).map { Rule($0, [.counter], .return) }
        let drops = prefixes.map { Rule([.field(.source, in: IntervalSet($0.interval))], [.counter], .drop) }
        let jump = Rule([], [.counter], .jump(BanPrograms.chain))
        let entrances = BanPrograms.hooks.map { point in
            Chain(
                point.rawValue.uppercased(),
                hook: Chain.Hook(kind: .filter, point: point, priority: 0, policy: .accept),
                rules: [jump]
            )
        }
        let table = Table(
            family: family == .ipv4 ? .ip : .ip6,
            name: "filter",
            chains: [Chain(BanPrograms.chain, rules: exceptions + drops)] + entrances
        )
        return Ruleset(tables: [table])
    }

    private static var inbound: [Rule] {
        let loopback = Rule([Self.loopback], [], .accept)
        return [loopback]
            + IPFamily.allCases.flatMap { family in
                link(family).map { Rule([.family(family)] + $0, [], .accept) }
            }
    }

    private static func exceptions(_ family: IPFamily) -> [[Condition]] {
        [[loopback]]
            + link(family).map { conditions in
                let isOfICMP = conditions.contains { $0.asks(.icmpTypeAndCode) }
                return (isOfICMP ? [.transportProtocol(.icmpv6)] : []) + conditions
            }
    }

    private static let loopback = Condition.interface(
        .inputInterface,
        matches: ["lo"].compactMap(InterfacePattern.init)
    )

    private static func link(_ family: IPFamily) -> [[Condition]] {
        let lease = LinkConditions.lease(.inbound, family)
        switch family {
        case .ipv4: return [lease]
        case .ipv6:
            return [LinkConditions.neighbourDiscovery, LinkConditions.multicastListener(.inbound), lease]
        }
    }

    private static func setName(_ family: IPFamily) -> String { "banned\(family == .ipv4 ? 4 : 6)" }

    private static func set(_ family: IPFamily, _ bans: [Ban]) -> NamedSet {
        var set = NamedSet(
            setName(family),
            family: family,
            fields: [.source],
            hasTimeouts: true,
            hasIntervals: true
        )
        for (interval, secondsLeft) in bans.disjoint(family) {
            set.append([interval], NamedSet.Attributes(secondsLeft: secondsLeft))
        }
        return set
    }
}

extension Condition {
    fileprivate func asks(_ field: Field) -> Bool {
        if case .field(field, _) = self { true } else { false }
    }
}
