package import PacketModel

/// The lines of one direction, by the stage in which a packet meets them, each in canonical order.
package struct DirectionLines: Sendable {
    /// Denies of addresses only: before everything that is established.
    package var bans: [RefusalStage]
    /// Denies that name services: for the packets of the connection's original direction.
    package var denies: [RefusalStage]
    /// Unlimited allows that log; before the silent ones, or they would never speak.
    package var logged: [PolicyLine]
    package var unlimited: [PolicyLine]
    /// Allows with a limit; after the unlimited ones, which win.
    package var limited: [PolicyLine]
    /// What containers publish, for forwarded connections whose destination was translated.
    package var published: [PolicyLine]

    package init(_ policy: Policy, _ direction: Direction) {
        let published = policy.containers?.publishedLines(in: direction) ?? []
        var lines = policy.lines.filter { $0.direction == direction }
        if direction == .inbound { lines += published }
        lines = lines.inCanonicalOrder
        let denies = lines.filter { $0.action == .deny }
        let allows = lines.filter { $0.action == .allow }
        bans = RefusalStage.all(of: denies.filter(\.isBan))
        self.denies = RefusalStage.all(of: denies.filter { !$0.isBan })
        logged = allows.filter { $0.limit == nil && $0.log != nil }
        unlimited = allows.filter { $0.limit == nil && $0.log == nil }
        limited = allows.filter { $0.limit != nil }
        self.published = direction == .forward ? published.inCanonicalOrder : []
    }

    /// The echo requests of a family that a limited line names. They are counted packet by packet: those of one sender
    /// are all of one connection after the first.
    package func countedEchoes(_ family: IPFamily) -> IntervalSet<UInt16> {
        let (transportProtocol, types) = ICMPKinds.echoRequest(family)
        return limited.reduce(IntervalSet<UInt16>()) { counted, line in
            let named = line.services.isAny ? .full : line.services.members[transportProtocol] ?? []
            return counted.union(named.intersection(IntervalSet(types)))
        }
    }
}

/// Denies of one kind that turn packets away in the same way.
///
/// Those that answer are asked before those that keep silent, and those that log before the others: so it does not depend
/// on sets and shapes which of several lines decides.
package struct RefusalStage: Sendable {
    /// For names of chains and sets; empty for the silent ones.
    package let suffix: String
    package let lines: [PolicyLine]

    private static let suffixes = ["reject_log", "reject", "log", ""]

    /// In the order in which they are asked; none without lines.
    package static func all(of denies: [PolicyLine]) -> [RefusalStage] {
        suffixes.enumerated().compactMap { rank, suffix in
            let lines = denies.filter { $0.refusalRank == rank }
            return lines.isEmpty ? nil : RefusalStage(suffix: suffix, lines: lines)
        }
    }

    /// A name of something that belongs to it.
    package func name(_ stem: String) -> String {
        suffix.isEmpty ? stem : "\(stem)_\(suffix)"
    }
}

extension Containers {
    /// What is published, as allows: to the host itself (proxies in userland), or on to a bridge.
    fileprivate func publishedLines(in direction: Direction) -> [PolicyLine] {
        guard direction != .outbound else { return [] }
        return published.map { entry in
            PolicyLine(
                direction: direction,
                action: .allow,
                services: entry.services,
                source: entry.source,
                outputInterfaces: direction == .forward ? bridges.sorted() : nil,
                origin: entry.origin
            )
        }
    }
}

/// Groups of ICMP and ICMPv6 messages, as intervals of type (high byte) and code (low byte).
package enum ICMPKinds {
    package static func echoRequest(_ family: IPFamily) -> (IPProtocol, Interval<UInt16>) {
        switch family {
        case .ipv4: (.icmp, type(8))
        case .ipv6: (.icmpv6, type(128))
        }
    }

    /// Errors that concern a connection (RFC 792; RFC 4443; RFC 4890 section 4.3.1), redirects left out.
    package static func errors(_ family: IPFamily) -> IntervalSet<UInt16> {
        switch family {
        case .ipv4: IntervalSet([type(3), type(11), type(12)])
        case .ipv6: IntervalSet([type(1), type(2), type(3), type(4)])
        }
    }

    /// Router and neighbour solicitations and advertisements (RFC 4861 section 4).
    package static let neighbourDiscovery = IntervalSet((133...136).map(type))

    /// Multicast listener queries, reports, done (RFC 2710), reports of version 2 (RFC 3810).
    package static let multicastListener = IntervalSet([130, 131, 132, 143].map(type))

    private static func type(_ number: UInt16) -> Interval<UInt16> {
        Interval(number << 8, number << 8 | 0xFF) ?? Interval(number << 8)
    }
}

extension IntervalSet where Bound == UInt16 {
    /// The same members as values of a field.
    package var asFieldValues: IntervalSet<UInt128> {
        IntervalSet<UInt128>(intervals.map(\.asFieldValues))
    }
}

extension Interval where Bound == UInt16 {
    package var asFieldValues: Interval<UInt128> {
        Interval<UInt128>(UInt128(lower), UInt128(upper)) ?? Interval<UInt128>(UInt128(lower))
    }
}
