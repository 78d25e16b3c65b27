package import PacketModel

/// Finds, for each line of a policy, packets that must pass and packets that must not.
package struct WitnessFinder: Sendable {
    let policy: Policy
    package let scene: WitnessScene
    /// When the packets are sent: lines that have ended by then do nothing.
    private let time: CalendarTime

    /// So many services of one line are tried; a line of a hundred says nothing new with the others.
    private static let mostServices = 16

    package init(_ policy: Policy, at time: CalendarTime = CalendarTime(seconds: 0)) {
        self.policy = policy
        self.time = time
        scene = WitnessScene(policy)
    }

    /// The witnesses of all lines, in the order of the file.
    package func witnesses() -> [Witness] {
        policy.lines.sorted { $0.origin.line < $1.origin.line }.flatMap(witnesses)
    }

    package func witnesses(of line: PolicyLine) -> [Witness] {
        var result: [Witness] = []
        for family in IPFamily.allCases {
            let inside = approaches(of: line, family)
            for approach in inside { result.append(witness(line, approach)) }
            guard let first = inside.first else {
                // The line speaks of one family only: in the other it admits nothing.
                result += otherFamily(line, family)
                continue
            }
            result += variants(of: first, line).compactMap { difference, approach in
                let isOpposite = policy.judge(approach).passes == (line.action == .deny)
                return isOpposite ? witness(line, approach, difference: difference) : nil
            }
        }
        return result
    }

    private func witness(_ line: PolicyLine, _ approach: Approach, difference: String = "") -> Witness {
        let judgement = policy.judge(approach)
        var expectation: Witness.Expectation = judgement.passes ? .passes : .isStopped
        if case .limited(let origins) = judgement, origins == [line.origin], let limit = line.limit {
            // Ten more than the bucket holds: what refills meanwhile is less.
            let attempts = min(Int(limit.burst), Self.mostAttempts) + 10
            expectation = .isLimited(attempts: attempts, passing: min(attempts, Int(limit.burst)))
        }
        return Witness(
            origin: line.origin,
            approach: approach,
            expectation: expectation,
            difference: difference
        )
    }

    /// Larger buckets are not emptied.
    private static let mostAttempts = 500

    // MARK: What is in the line

    private func approaches(of line: PolicyLine, _ family: IPFamily) -> [Approach] {
        guard let remote = remoteAddress(line, family), let local = localAddress(line, family),
            !isOfLoopbackAlone(line.inputInterfaces), !isOfLoopbackAlone(line.outputInterfaces)
        else { return [] }
        return services(of: line, family).map { transportProtocol, member in
            approach(line, transportProtocol, member, remote: remote, local: local)
        }
    }

    private func approach(
        _ line: PolicyLine,
        _ transportProtocol: IPProtocol,
        _ member: UInt16,
        remote: IPAddress,
        local: IPAddress
    ) -> Approach {
        let isOutbound = line.direction == .outbound
        return Approach(
            direction: line.direction,
            transportProtocol: transportProtocol,
            member: member,
            source: isOutbound ? local : remote,
            destination: isOutbound ? remote : local,
            inputInterface: isOutbound ? nil : interface(line.inputInterfaces, other: nil),
            outputInterface: line.direction == .inbound
                ? nil : interface(line.outputInterfaces, other: line.inputInterfaces),
            user: isOutbound ? line.users?.intervals.first?.lower ?? 0 : nil,
            time: time
        )
    }

    private func isOfLoopbackAlone(_ patterns: [InterfacePattern]?) -> Bool {
        patterns?.allSatisfy { $0.text == WitnessScene.loopback } == true
    }

    private func interface(_ patterns: [InterfacePattern]?, other: [InterfacePattern]?) -> String {
        guard let pattern = patterns?.first(where: { $0.text != WitnessScene.loopback }) else {
            let taken = other?.first.map(WitnessScene.instance)
            return scene.interfaces.first { $0 != taken } ?? scene.anyInterface
        }
        return WitnessScene.instance(of: pattern)
    }

    /// Extension headers of IPv6, which are no protocol there, and the number that raw sockets keep (raw(7)).
    private static let unsendable: Set<UInt8> = [0, 43, 44, 59, 60, 255]

    private func services(of line: PolicyLine, _ family: IPFamily) -> [(IPProtocol, UInt16)] {
        if line.services.isAny { return [(.tcp, 7777), (.udp, 7777)] }
        // Connection tracking sums UDP-Lite over the header of UDP and calls what comes by a wire invalid
        // (nf_conntrack_proto_udp.c, `udplite_error`).
        let members = line.services.members.sorted { $0.key < $1.key }.filter {
            ($0.key.family == nil || $0.key.family == family) && $0.key != .udplite
                && !Self.unsendable.contains($0.key.number)
        }
        let all = members.flatMap { transportProtocol, members -> [(IPProtocol, UInt16)] in
            guard transportProtocol.hasPorts || transportProtocol.hasTypes else {
                return [(transportProtocol, 0)]
            }
            if transportProtocol.hasTypes { return starting(transportProtocol, members) }
            return members.intervals.map { (transportProtocol, max($0.lower, 1)) }
        }
        return Array(all.prefix(Self.mostServices))
    }

    /// Types that may come first: connection tracking calls others invalid when they answer nothing
    /// (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c).
    private func starting(
        _ transportProtocol: IPProtocol,
        _ members: IntervalSet<UInt16>
    ) -> [(IPProtocol, UInt16)] {
        let types: [UInt16] = transportProtocol == .icmp ? [8, 13, 15, 17] : [128, 139]
        let kinds = types.map { $0 << 8 }
        return kinds.filter(members.contains).map { (transportProtocol, $0) }
    }

    /// The end that is not the host: an address of the line, one that no deny names where there is one.
    private func remoteAddress(_ line: PolicyLine, _ family: IPFamily) -> IPAddress? {
        let set = line.direction == .outbound ? line.destination : line.source
        return address(in: set, family, preferred: scene[family].strangers, line)
    }

    private func localAddress(_ line: PolicyLine, _ family: IPFamily) -> IPAddress? {
        let set = line.direction == .outbound ? line.source : line.destination
        let preferred = line.direction == .forward ? scene[family].strangers.reversed() : [scene[family].host]
        return address(in: set, family, preferred: preferred, line)
    }

    private func address(
        in set: AddressSet?,
        _ family: IPFamily,
        preferred: [IPAddress],
        _ line: PolicyLine
    ) -> IPAddress? {
        guard let set, !preferred.contains(where: set.contains) else {
            return preferred.first { set?.contains($0) ?? true }
        }
        let ends = set[family].intervals.prefix(16).flatMap { interval in
            // The first address of a network is no host.
            interval.isSingle ? [interval.lower] : Self.hosts(in: interval)
        }
        let candidates = ends.filter { set[family].contains($0) }.map { IPAddress(family: family, value: $0) }
            .filter(\.canSend)
        let denied = policy.lines.filter { $0.direction == line.direction && $0.action == .deny }
            .compactMap(\.source).reduce(AddressSet()) { $0.union($1) }
        let isAllow = line.action == .allow
        return candidates.first { !isAllow || !denied.contains($0) } ?? candidates.first
    }

    private static func hosts(in interval: Interval<UInt128>) -> [UInt128] {
        let middle = interval.lower + (interval.upper - interval.lower) / 2
        return [interval.lower + 1, interval.upper - 1, interval.lower, middle]
    }

    // MARK: What differs from it

    private func otherFamily(_ line: PolicyLine, _ family: IPFamily) -> [Witness] {
        guard line.action == .allow,
            let model = IPFamily.allCases.lazy.flatMap({ approaches(of: line, $0) }).first,
            model.transportProtocol.family == nil
        else { return [] }
        var other = model
        let ends = scene[family]
        other.family = family
        other.source = line.direction == .outbound ? ends.host : ends.strangers[0]
        other.destination =
            switch line.direction {
            case .inbound: ends.host
            case .outbound: ends.strangers[0]
            case .forward: ends.strangers[1]
            }
        guard !policy.judge(other).passes else { return [] }
        return [witness(line, other, difference: "other family")]
    }

    private func variants(of approach: Approach, _ line: PolicyLine) -> [(String, Approach)] {
        var result: [(String, Approach)] = []
        func add(_ difference: String, _ candidates: [Approach]) {
            let wanted = line.action == .deny
            let outside = candidates.filter { !line.contains($0) }
            if let found = outside.first(where: { policy.judge($0).passes == wanted }) {
                result.append((difference, found))
            }
        }
        let remote = line.direction == .outbound ? \Approach.destination : \Approach.source
        let strangers = scene[approach.family].strangers
        if line.direction == .outbound ? line.destination != nil : line.source != nil {
            add(
                "other address",
                (strangers + neighbours(approach[keyPath: remote])).map { address in
                    var other = approach
                    other[keyPath: remote] = address
                    return other
                }
            )
        }
        if !line.services.isAny { add("other service", otherServices(approach)) }
        if line.inputInterfaces != nil {
            add(
                "other interface",
                scene.interfaces.filter { $0 != approach.outputInterface }.map { name in
                    var other = approach
                    other.inputInterface = name
                    return other
                }
            )
        }
        if line.users != nil {
            add(
                "other user",
                [UInt32(0), 65_534].map { user in
                    var other = approach
                    other.user = user
                    return other
                }
            )
        }
        return result
    }

    private func neighbours(_ address: IPAddress) -> [IPAddress] {
        [address.value &+ 1, address.value &- 1].filter { $0 <= address.family.lastAddress }
            .map { IPAddress(family: address.family, value: $0) }.filter(\.canSend)
    }

    private func otherServices(_ approach: Approach) -> [Approach] {
        let members: [UInt16] =
            if approach.transportProtocol.hasPorts {
                (1...64).map { approach.member &+ $0 }.filter { $0 > 0 }
            } else if approach.transportProtocol == .icmp {
                [13 << 8, 15 << 8, 17 << 8]
            } else if approach.transportProtocol == .icmpv6 {
                [139 << 8, 144 << 8]
            } else {
                []
            }
        return members.map { member in
            var other = approach
            other.member = member
            return other
        }
    }
}

extension IPAddress {
    /// Not the unspecified, a loopback, a link-local, a multicast or an address of IPv4 in IPv6, nor the broadcast
    /// (RFC 6890): a host that routes can have it.
    package var canSend: Bool {
        switch family {
        case .ipv4:
            let first = value >> 24
            return first != 0 && first != 127 && first < 224 && value >> 16 != 0xA9FE
        case .ipv6:
            return value > 1 && value >> 120 != 0xFF && value >> 118 != 0xFE80 >> 6
                && value >> 32 != 0xFFFF
        }
    }
}
