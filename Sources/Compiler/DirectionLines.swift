package import PacketModel
package import Policy

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
