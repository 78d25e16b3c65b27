import PacketModel
import Policy

extension EffectiveLine {
    /// All that a policy says of packets that start conversations in one direction, as ``Policy/Policy/judge(_:)``
    /// takes it.
    static func all(of policy: Policy, _ direction: Direction, _ classes: InterfaceClasses) -> [EffectiveLine]
    {
        let lines = policy.lines.filter { $0.direction == direction }.map { line in
            EffectiveLine(role: role(of: line), box: PacketBox(line, classes), cause: .line(line.origin))
        }
        return
            (lines + guests(of: policy, direction, classes) + spared(by: policy, direction, classes)
            + baseline(of: policy, direction, classes)).filter { !$0.box.isEmpty }
    }

    static func role(of line: PolicyLine) -> Role {
        switch line.action {
        case .deny: .deny(Refusal(isBan: line.isBan, answers: line.rejects))
        case .allow: line.limit.map(Role.limited) ?? .allow
        }
    }

    private static func spared(
        by policy: Policy,
        _ direction: Direction,
        _ classes: InterfaceClasses
    ) -> [EffectiveLine] {
        guard direction == .inbound, case .obligation(let obligation) = policy.management,
            let from = obligation.from
        else { return [] }
        let box = PacketBox(inputs: classes.all, outputs: classes.all, remote: from)
        return [EffectiveLine(role: .spared, box: box, cause: .management(obligation.origin))]
    }

    private static func baseline(
        of policy: Policy,
        _ direction: Direction,
        _ classes: InterfaceClasses
    ) -> [EffectiveLine] {
        guard direction != .forward else { return [] }
        let everything = PacketBox(inputs: classes.all, outputs: classes.all)
        var parts: [(Baseline.Part, PacketBox)] = []
        var loopback = everything
        let interface = classes.classes(of: [InterfacePattern("lo")].compactMap(\.self))
        loopback[direction == .inbound ? .inputs : .outputs] = interface
        parts.append((.loopback, loopback))
        for (part, types) in [
            (Baseline.Part.neighbourDiscovery, ICMPKinds.neighbourDiscovery),
            (.multicastListener, ICMPKinds.multicastListener),
        ] {
            var box = everything
            box.services = IntervalSet(ServiceSet(.icmpv6, types))
            parts.append((part, box))
        }
        return parts.filter { policy.baseline.has($0.0) }.map { part, box in
            EffectiveLine(role: .baseline(part), box: box, cause: .baseline(part))
        }
    }
}

extension PacketBox {
    init(_ line: PolicyLine, _ classes: InterfaceClasses) {
        let (near, far) =
            line.direction == .outbound
            ? (line.source, line.destination) : (line.destination, line.source)
        self.init(
            services: IntervalSet(line.services),
            inputs: classes.classes(of: line.inputInterfaces),
            outputs: classes.classes(of: line.outputInterfaces),
            users: line.users.map(Self.users) ?? Self.everyUser,
            local: near ?? .everywhere,
            remote: far ?? .everywhere
        )
    }

    private static func users(_ users: IntervalSet<UInt32>) -> IntervalSet<UInt64> {
        IntervalSet(users.intervals.compactMap { Interval(UInt64($0.lower) + 1, UInt64($0.upper) + 1) })
    }
}

extension Policy {
    /// Every pattern that tells interfaces apart here.
    var interfacePatterns: [InterfacePattern] {
        lines.flatMap { ($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []) }
            + nat.flatMap { ($0.inputInterfaces ?? []) + ($0.outputInterfaces ?? []) }
            + (containers?.bridges ?? []) + [InterfacePattern("lo")].compactMap(\.self)
    }
}
