import Netfilter
package import PacketModel
import Policy

/// The parts of the baseline that come before the lines.
extension IptablesLowering {
    private static let loopback = [InterfacePattern("lo")].compactMap(\.self)

    /// What bans and denied services do not concern.
    mutating func addExemptions(_ direction: Direction, to main: String, _ dropped: String) {
        guard direction != .forward else { return }
        var rules: [Rule] = []
        if policy.baseline.has(.loopback) {
            let field: Field = direction == .inbound ? .inputInterface : .outputInterface
            rules.append(
                Rule(
                    [.interface(field, matches: Self.loopback)],
                    [.counter],
                    .return,
                    comment: "baseline loopback"
                )
            )
        }
        if family == .ipv6 { rules += neighbours(direction) }
        var leases = leases(direction)
        let misplaced = misplaced(direction, dropped)
        if !leases.isEmpty && !misplaced.isEmpty {
            let name = "\(main)-LEASE"
            chains.start(name, comment: "the host's own DHCP, which passes before any deny")
            chains.add(
                misplaced.map {
                    Rule([.state(.new)] + $0.conditions, $0.statements, $0.verdict, comment: $0.comment)
                },
                to: name
            )
            chains.add(Rule([], [.counter], .return), to: name)
            for place in leases.indices {
                (leases[place].statements, leases[place].verdict) = ([], .goto(name))
            }
        }
        chains.add(rules + leases, to: main)
    }

    private func neighbours(_ direction: Direction) -> [Rule] {
        let parts: [(Baseline.Part, [Condition])] = [
            (.neighbourDiscovery, LinkConditions.neighbourDiscovery),
            (.multicastListener, LinkConditions.multicastListener(direction)),
        ]
        return parts.filter { policy.baseline.has($0.0) }.map { part, conditions in
            Rule(
                [.transportProtocol(.icmpv6)] + conditions,
                [.counter],
                .return,
                comment: "baseline \(part.rawValue)"
            )
        }
    }

    /// The host's own leases.
    func leases(_ direction: Direction) -> [Rule] {
        switch family {
        case .ipv4: dhcp(direction)
        case .ipv6: dhcpv6(direction)
        }
    }

    private func dhcp(_ direction: Direction) -> [Rule] {
        guard policy.baseline.has(.dhcp) else { return [] }
        return [Rule(LinkConditions.lease(direction, .ipv4), [.counter], .return, comment: "baseline dhcp")]
    }

    private func dhcpv6(_ direction: Direction) -> [Rule] {
        guard policy.baseline.has(.dhcpv6) else { return [] }
        return [Rule(LinkConditions.lease(direction, .ipv6), [.counter], .return, comment: "baseline dhcpv6")]
    }

    /// Loopback addresses from outside. Asked before established connections, because a forged packet may
    /// be taken for one of a local connection where `route_localnet` is set. The kernel itself drops ::1 that
    /// comes from outside, always (net/ipv6/ip6_input.c).
    func spoofedLoopback(_ direction: Direction, _ dropped: String) -> [Rule] {
        guard family == .ipv4, direction != .outbound, policy.baseline.has(.spoofedLoopback) else {
            return []
        }
        let conditions: [Condition] = [
            .field(.source, in: BaselineNetworks.loopback),
            .not(.interface(.inputInterface, matches: Self.loopback)),
        ]
        return [Rule(conditions, [.counter], .goto(dropped), comment: "baseline spoofed-loopback")]
    }

    /// What starts a connection with an address that is on no wire: with a loopback address of this host, where
    /// `route_localnet` lets it come in, or with one of IPv6 that a socket of both families takes for IPv4. Answers to
    /// what NAT sent away from a loopback address are established, and what NAT sent to one was meant to come.
    func misplaced(_ direction: Direction, _ dropped: String) -> [Rule] {
        let interface: Field = direction == .outbound ? .outputInterface : .inputInterface
        let fromOutside: [Condition] =
            direction == .forward ? [] : [.not(.interface(interface, matches: Self.loopback))]
        var asked: [(Baseline.Part, [Condition])] = []
        switch family {
        case .ipv4 where direction != .outbound:
            asked.append(
                (
                    .spoofedLoopback,
                    [.field(.destination, in: BaselineNetworks.loopback), .destinationLeftAlone]
                )
            )
        case .ipv4: break
        case .ipv6:
            asked += [Field.source, .destination].map {
                (.mappedAddresses, [.field($0, in: BaselineNetworks.mapped)])
            }
        }
        if direction == .inbound {
            asked.append((.ownAddresses, RouteConditions.ownAddresses(family, .destinationLeftAlone)))
        }
        return asked.filter { policy.baseline.has($0.0) }.map { part, conditions in
            Rule(conditions + fromOutside, [.counter], .goto(dropped), comment: "baseline \(part.rawValue)")
        }
    }

    /// What a deny that answers or logs must not speak of, because the baseline drops it in silence.
    func brokenRules(_ direction: Direction) -> [Rule] {
        let main = Self.prefix + direction.chainName
        let dropped = "\(main)-DROP"
        var rules = invalid(dropped)
        if policy.baseline.has(.impossibleFlags) {
            let isUnknown = Condition.state(.invalid, .untracked)
            rules.append(Rule([.transportProtocol(.tcp), isUnknown], [], .jump("\(main)-FLAGS")))
        }
        return rules
            + misplaced(direction, dropped).map { rule in
                var rule = rule
                rule.conditions.append(.not(.state(.established, .related)))
                return rule
            }
    }

    /// What connection tracking can make nothing of.
    func invalid(_ dropped: String) -> [Rule] {
        guard policy.baseline.has(.invalid) else { return [] }
        return [Rule([.state(.invalid)], [.counter], .goto(dropped), comment: "baseline invalid")]
    }

    /// iptables asks the routes for a source only before it routes (iptables-extensions(8), "rpfilter"): in a chain of
    /// the table `mangle`, which is after connection tracking. Returns the built-in chain that must lead to it.
    mutating func addReversePath() -> [String] {
        guard policy.baseline.has(.reversePath) else { return [] }
        let name = Self.prefix + "PREROUTING"
        chains.start(name, comment: "from where the routes lead back")
        let conditions: [Condition] =
            [.state(.new), .not(.interface(.inputInterface, matches: Self.loopback))]
            + RouteConditions.reversePath(family)
        chains.add(Rule(conditions, [.counter], .drop, comment: "baseline reverse-path"), to: name)
        return ["PREROUTING"]
    }

    /// For packets of no connection: connection tracking calls all of these combinations invalid, so that new
    /// ones never have them and need not be asked.
    mutating func addImpossibleFlags(from main: String, _ dropped: String) {
        guard policy.baseline.has(.impossibleFlags) else { return }
        let name = "\(main)-FLAGS"
        chains.add(Rule([.transportProtocol(.tcp), .not(.state(.new))], [], .jump(name)), to: main)
        chains.start(name, comment: "combinations of flags that no sound stack sends; the rest comes back")
        let rules = TCPFlags.impossiblePatterns.map { flags, mask in
            Rule(
                [.transportProtocol(.tcp), .flags(flags, of: mask)],
                [.counter],
                .goto(dropped),
                comment: "baseline impossible-flags"
            )
        }
        chains.add(rules, to: name)
    }
}

extension TCPFlags {
    /// Flags under masks that together are every combination that is not possible and connection
    /// tracking takes for no part of a connection (RFC 9293 section 3.10; nf_conntrack_proto_tcp.c,
    /// `tcp_valid_flags`, which leaves PSH out).
    package static let impossiblePatterns: [(flags: TCPFlags, mask: TCPFlags)] = [
        ([], [.fin, .syn, .rst, .ack, .urg]),
        ([.fin, .syn], [.fin, .syn]),
        ([.syn, .rst], [.syn, .rst]),
        ([.fin, .rst], [.fin, .rst]),
        ([.fin], [.fin, .ack]),
        ([.urg], [.syn, .ack, .urg]),
        ([.rst, .urg], [.rst, .urg]),
        ([.syn, .ack, .urg], [.syn, .ack, .urg]),
    ]
}
