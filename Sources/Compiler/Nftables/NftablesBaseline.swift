import Netfilter
package import PacketModel
import Policy

/// The parts of the baseline, each where a packet meets it.
extension NftablesLowering {
    /// Loopback addresses from outside. Asked before established connections, because a forged packet may
    /// be taken for one of a local connection where `route_localnet` is set. The kernel itself drops ::1 that
    /// comes from outside, always (net/ipv6/ip6_input.c).
    func spoofedLoopback(_ direction: Direction) -> [Rule] {
        guard direction != .outbound, policy.baseline.has(.spoofedLoopback) else { return [] }
        let conditions: [Condition] = [
            .family(.ipv4),
            .field(.source, in: BaselineNetworks.loopback),
            .not(.interface(.inputInterface, matches: Self.loopback)),
        ]
        return [Rule(conditions, [.counter], dropVerdict(direction), comment: "baseline spoofed-loopback")]
    }

    /// What starts a connection with an address that is on no wire: with a loopback address of this host, where
    /// `route_localnet` lets it come in, or with one of IPv6 that a socket of both families takes for IPv4. Answers to
    /// what NAT sent away from a loopback address are established, and what NAT sent to one was meant to come.
    ///
    /// Of a packet that no connection is `known` of nft cannot be asked whether NAT changed it, one way or the other: for
    /// those are the rules that would ask, without that question.
    func misplaced(_ direction: Direction, known: Bool = true) -> [Rule] {
        var conditions: [(Baseline.Part, [Condition])] = []
        let isLeft = Condition.not(.status(.destinationNAT))
        let fromOutside: [Condition] =
            direction == .forward
            ? [] : [.not(.interface(direction.interfaceField, matches: Self.loopback))]
        if direction != .outbound, policy.baseline.has(.spoofedLoopback) {
            let inside: [Condition] = [.family(.ipv4), .field(.destination, in: BaselineNetworks.loopback)]
            conditions.append(
                (.spoofedLoopback, inside + fromOutside + [isLeft])
            )
        }
        if policy.baseline.has(.mappedAddresses) {
            conditions += [Field.source, .destination].map { field in
                (
                    .mappedAddresses,
                    [.family(.ipv6), .field(field, in: BaselineNetworks.mapped)] + fromOutside
                )
            }
        }
        for family in IPFamily.allCases where direction != .outbound {
            if policy.baseline.has(.reversePath) {
                let asked = [.state(.new)] + RouteConditions.reversePath(family)
                conditions.append((.reversePath, [.family(family)] + fromOutside + asked))
            }
            if direction == .inbound, policy.baseline.has(.ownAddresses) {
                let asked = RouteConditions.ownAddresses(family, isLeft)
                conditions.append((.ownAddresses, [.family(family)] + fromOutside + asked))
            }
        }
        return conditions.filter { known || $0.1.contains(isLeft) }.map { part, conditions in
            Rule(
                known ? conditions : conditions.filter { $0 != isLeft },
                [.counter],
                dropVerdict(direction),
                comment: "baseline \(part.rawValue)"
            )
        }
    }

    /// Everything on the loopback interface.
    func loopback(_ direction: Direction) -> [Rule] {
        guard direction != .forward && policy.baseline.has(.loopback) else { return [] }
        let condition = Condition.interface(direction.interfaceField, matches: Self.loopback)
        return [Rule([condition], [], .accept, comment: "baseline loopback")]
    }

    /// For packets of no connection: connection tracking calls all of these combinations invalid, so that new
    /// ones never have them.
    func impossibleFlags(_ direction: Direction) -> [Rule] {
        guard policy.baseline.has(.impossibleFlags) else { return [] }
        let possible = IntervalSet(TCPFlags.possible.map { Interval(UInt128($0.rawValue)) })
        return [
            Rule(
                [.not(.field(.tcpFlags, in: possible))],
                [.counter],
                dropVerdict(direction),
                comment: "baseline impossible-flags"
            )
        ]
    }

    /// ICMP errors and resets of ours; what a helper expects only where the policy says so.
    func relatedRules(_ direction: Direction) -> [Rule] {
        var rules: [Rule] = []
        if policy.baseline.has(.icmpErrors) {
            rules += IPFamily.allCases.map { family in
                Rule(
                    [.family(family), .field(.icmpTypeAndCode, in: ICMPKinds.errors(family).asFieldValues)],
                    [.counter],
                    .accept,
                    comment: "baseline icmp-errors"
                )
            }
        }
        if direction == .outbound {
            rules.append(
                Rule(
                    [.flags(.rst, of: .rst)],
                    [.counter],
                    .accept,
                    comment: "baseline established: our resets"
                )
            )
        }
        if policy.baseline.has(.helpers) {
            rules.append(Rule([.status(.expected)], [.counter], .accept, comment: "baseline helpers"))
        }
        return rules
    }

    /// What passes whatever the lines say, where no connection is known of it: connection tracking leaves the messages of
    /// neighbours alone.
    func earlyRules(_ direction: Direction) -> [Rule] {
        loopback(direction) + (direction == .forward ? [] : neighbourRules(direction, .accept))
            + dhcpRules(direction)
    }

    func dhcpRules(_ direction: Direction) -> [Rule] {
        dhcpRules(direction, .accept)
    }

    /// What denies do not concern, and `sparing` what bans spare: the packet goes back to where it was asked.
    func exemptions(_ direction: Direction, sparing: Bool) -> [Rule] {
        guard direction != .forward else { return [] }
        var rules: [Rule] = []
        if policy.baseline.has(.loopback) {
            rules.append(Rule([.interface(direction.interfaceField, matches: Self.loopback)], [], .return))
        }
        rules += neighbourRules(direction, .return) + dhcpRules(direction, .return)
        guard sparing else { return rules }
        switch direction {
        case .inbound: rules += managementRules(.source, .return)
        case .outbound:
            // Answers, and not what this host begins.
            rules += managementRules(.destination, .return).map {
                $0.prefixed(by: [.field(.connectionDirection, is: UInt8(1))])
            }
        case .forward: break
        }
        return rules
    }

    /// What a deny that answers or logs must not speak of, because the baseline drops it in silence.
    mutating func brokenRules(_ direction: Direction) -> [Rule] {
        var rules: [Rule] = []
        if policy.baseline.has(.invalid) {
            rules.append(
                Rule([.state(.invalid)], [.counter], dropVerdict(direction), comment: "baseline invalid")
            )
        }
        rules += impossibleFlags(direction)
        rules += misplaced(direction).map { $0.prefixed(by: [.not(.state(.established, .related))]) }
        let unknown = Condition.state(.invalid, .untracked)
        rules += misplaced(direction, known: false).map { $0.prefixed(by: [unknown]) }
        let chain = "\(direction.hookName)_broken"
        return add(chain, rules) ? [Rule([], [], .jump(chain))] : []
    }

    private func neighbourRules(_ direction: Direction, _ verdict: Verdict) -> [Rule] {
        let parts: [(Baseline.Part, [Condition])] = [
            (.neighbourDiscovery, LinkConditions.neighbourDiscovery),
            (.multicastListener, LinkConditions.multicastListener(direction)),
        ]
        return parts.filter { policy.baseline.has($0.0) }.map { part, conditions in
            Rule([.family(.ipv6)] + conditions, [], verdict, comment: "baseline \(part.rawValue)")
        }
    }

    private func dhcpRules(_ direction: Direction, _ verdict: Verdict) -> [Rule] {
        guard direction != .forward else { return [] }
        let parts: [(Baseline.Part, IPFamily)] = [(.dhcp, .ipv4), (.dhcpv6, .ipv6)]
        return parts.filter { policy.baseline.has($0.0) }.map { part, family in
            Rule(
                [.family(family)] + LinkConditions.lease(direction, family),
                [],
                verdict,
                comment: "baseline \(part.rawValue)"
            )
        }
    }

    private static let loopback = [InterfacePattern("lo")].compactMap(\.self)
}

extension TCPFlags {
    /// The combinations that a sound stack sends (RFC 9293 section 3.10; nf_conntrack_proto_tcp.c,
    /// `tcp_valid_flags`); null and xmas are not among them.
    package static let possible: [TCPFlags] = [
        .syn, [.syn, .urg], [.syn, .ack], .rst, [.rst, .ack], [.fin, .ack], [.fin, .ack, .urg], .ack,
        [.ack, .urg],
    ].flatMap { flags in [flags, flags.union(.psh)] as [TCPFlags] }
}
