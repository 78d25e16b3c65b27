import Netfilter
import PacketModel
import Policy

/// docs/policy.md, section "Meaning", read a second time, point by point, for packets of every kind. Nothing of the
/// compiler nor of `Policy.judge` is used, so that a mistake there is not made here too.
struct SecondReading {
    enum Answer: Equatable {
        case passes
        case silence
        case refusal
        /// Passes while a limit has room.
        case limited(otherwise: Bool)
    }

    let policy: Policy

    func answer(_ packet: Passage) -> Answer {
        // 1. Before everything.
        if isSpoofed(packet) { return .silence }
        if isVital(packet) { return .passes }
        let isInbound = packet.direction == .inbound
        if packet.direction != .forward, isOwnLease(packet, isInbound: isInbound) {
            return packet.state == .new && startsWhereNothingMay(packet) ? .silence : .passes
        }
        if isBroken(packet) { return .silence }
        if packet.state != .related && startsWhereNothingMay(packet) { return .silence }
        // 2. and 3.
        if let deny = decidingDeny(packet) { return deny.rejects ? .refusal : .silence }
        // 4.
        if packet.state == .established && !isCountedEcho(packet) { return .passes }
        if packet.state == .related {
            if isRelatedAndPasses(packet) { return .passes }
            if startsWhereNothingMay(packet) { return .silence }
        }
        // 5. to 7.
        let allows = lines(.allow, packet.direction).filter { speaks($0, of: packet) }
        let rejects = policy.rest[packet.direction] == .reject
        if allows.contains(where: { $0.limit == nil }) || isPublishedAndAdmitted(packet)
            || isOfContainers(packet)
        {
            return .passes
        }
        if allows.isEmpty { return rejects ? .refusal : .silence }
        if packet.direction == .inbound, isManagement(packet.source) { return .passes }
        return .limited(otherwise: rejects)
    }

    /// The limited lines whose buckets a packet is charged to that is ``Answer/limited(otherwise:)``.
    func limits(of packet: Passage) -> [PolicyLine] {
        lines(.allow, packet.direction).filter { speaks($0, of: packet) }
    }

    // MARK: 1

    private func isVital(_ packet: Passage) -> Bool {
        guard packet.direction != .forward else { return false }
        let isInbound = packet.direction == .inbound
        if has(.loopback), interface(packet) == "lo" { return true }
        if packet.transportProtocol == .icmpv6 {
            let type = packet.member >> 8
            if has(.neighbourDiscovery), (133...136).contains(type), packet.hopLimit == 255 { return true }
            if has(.multicastListener), [130, 131, 132, 143].contains(type), packet.hopLimit == 1,
                !isInbound || isLinkLocal(packet.source)
            {
                return true
            }
        }
        return false
    }

    private func isOwnLease(_ packet: Passage, isInbound: Bool) -> Bool {
        guard packet.transportProtocol == .udp else { return false }
        let (client, server) =
            isInbound ? (packet.member, packet.sourcePort) : (packet.sourcePort, packet.member)
        switch packet.family {
        case .ipv4: return has(.dhcp) && client == 68 && server == 67
        case .ipv6:
            return has(.dhcpv6) && client == 546 && server == 547
                && (!isInbound || isLinkLocal(packet.destination))
        }
    }

    private func isSpoofed(_ packet: Passage) -> Bool {
        has(.spoofedLoopback) && packet.direction != .outbound && packet.input != "lo"
            && isLoopback(packet.source)
    }

    private func isBroken(_ packet: Passage) -> Bool {
        if has(.invalid), packet.state == .invalid { return true }
        let possible: [TCPFlags] = [
            .syn, [.syn, .urg], [.syn, .ack], .rst, [.rst, .ack], [.fin, .ack], [.fin, .ack, .urg], .ack,
            [.ack, .urg],
        ]
        return has(.impossibleFlags) && packet.transportProtocol == .tcp
            && !possible.contains(packet.flags.subtracting(.psh))
    }

    private func startsWhereNothingMay(_ packet: Passage) -> Bool {
        guard packet.state != .established, interface(packet) != "lo" else { return false }
        let isInbound = packet.direction == .inbound
        let isTranslated = packet.hasConnection && packet.isTranslated
        if has(.spoofedLoopback), packet.direction != .outbound, isLoopback(packet.destination), !isTranslated
        {
            return true
        }
        if has(.mappedAddresses), isMapped(packet.source) || isMapped(packet.destination) { return true }
        if has(.reversePath), packet.direction != .outbound, packet.state == .new, !packet.leadsBack {
            return true
        }
        return has(.ownAddresses) && isInbound && !packet.isOfInterface && !isTranslated
    }

    // MARK: 2 and 3

    private func decidingDeny(_ packet: Passage) -> PolicyLine? {
        var denies: [PolicyLine] = []
        if isPublished(packet), !packet.isReply, !isOwnLease(packet, isInbound: true) {
            var asked = packet
            asked.destination = packet.askedDestination
            denies += holding(lines(.deny, .inbound), asked, sparing: isManagement(packet.source))
        }
        if let deny = denies.first { return deny }
        let spares: Bool
        switch packet.direction {
        case .inbound: spares = isManagement(packet.source)
        case .outbound: spares = packet.hasConnection && packet.isReply && isManagement(packet.destination)
        case .forward: spares = false
        }
        return holding(lines(.deny, packet.direction), packet, sparing: spares).first
    }

    /// Those that hold, the one that decides first.
    private func holding(_ denies: [PolicyLine], _ packet: Passage, sparing: Bool) -> [PolicyLine] {
        let held = denies.filter { line in
            guard speaks(line, of: packet) else { return false }
            if line.services == .any { return !sparing }
            return !(packet.hasConnection && packet.isReply) && !isAboutAConnection(packet)
        }
        let isBan: (PolicyLine) -> Bool = { $0.services == .any }
        return held.filter { isBan($0) && $0.rejects } + held.filter { isBan($0) && !$0.rejects }
            + held.filter { !isBan($0) && $0.rejects } + held.filter { !isBan($0) && !$0.rejects }
    }

    /// An ICMP message or a reset of the host about a connection starts no service.
    private func isAboutAConnection(_ packet: Passage) -> Bool {
        packet.state == .related
            && (packet.transportProtocol.hasTypes
                || packet.direction == .outbound && packet.transportProtocol == .tcp
                    && packet.flags.contains(.rst))
    }

    // MARK: 4

    private func isCountedEcho(_ packet: Passage) -> Bool {
        let echo: UInt16 = packet.family == .ipv4 ? 8 : 128
        guard packet.transportProtocol.hasTypes, packet.member >> 8 == echo else { return false }
        return lines(.allow, packet.direction).contains { line in
            line.limit != nil && line.services.contains(packet.transportProtocol, packet.member)
        }
    }

    private func isRelatedAndPasses(_ packet: Passage) -> Bool {
        let type = packet.member >> 8
        let isError =
            packet.transportProtocol == .icmp && [3, 11, 12].contains(type)
            || packet.transportProtocol == .icmpv6 && (1...4).contains(type)
        if has(.icmpErrors), isError { return true }
        if packet.direction == .outbound, packet.transportProtocol == .tcp, packet.flags.contains(.rst) {
            return true
        }
        return has(.helpers) && packet.isExpected
    }

    // MARK: 5

    private func isPublished(_ packet: Passage) -> Bool {
        packet.direction == .forward && packet.hasConnection && packet.isTranslated && isBridge(packet.output)
    }

    private func isPublishedAndAdmitted(_ packet: Passage) -> Bool {
        guard packet.direction == .inbound || isPublished(packet), let containers = policy.containers else {
            return false
        }
        return containers.published.contains { entry in
            entry.services.contains(packet.transportProtocol, packet.asked)
                && entry.source?.contains(packet.source) != false
        }
    }

    private func isOfContainers(_ packet: Passage) -> Bool {
        guard let containers = policy.containers else { return false }
        let (fromGuest, toGuest) = (isBridge(packet.input), isBridge(packet.output))
        switch packet.direction {
        case .inbound:
            let isQuestion =
                packet.transportProtocol == .tcp && packet.asked == 53
                || packet.transportProtocol == .udp && [53, 67, 547].contains(packet.asked)
            return fromGuest && isQuestion && containers.parts.contains(.guestServices)
        case .outbound:
            let ports: (UInt16, UInt16) = packet.family == .ipv4 ? (67, 68) : (547, 546)
            let isAnswer =
                packet.transportProtocol == .udp && packet.sourcePort == ports.0 && packet.member == ports.1
            return toGuest
                && (containers.parts.contains(.hostToBridge)
                    || isAnswer && containers.parts.contains(.guestServices))
        case .forward:
            let isWithinOne = containers.bridges.contains { bridge in
                packet.input.map(bridge.matches) == true && packet.output.map(bridge.matches) == true
            }
            return isWithinOne && containers.parts.contains(.sameBridge)
                || fromGuest && !toGuest && containers.allowsOutbound
        }
    }

    // MARK: What lines look at

    private func lines(_ action: PolicyLine.Action, _ direction: Direction) -> [PolicyLine] {
        policy.lines.filter { $0.action == action && $0.direction == direction }
    }

    private func speaks(_ line: PolicyLine, of packet: Passage) -> Bool {
        func isAmong(_ patterns: [InterfacePattern]?, _ name: String?) -> Bool {
            guard let patterns else { return true }
            return name.map { name in patterns.contains { $0.matches(name) } } ?? false
        }
        return line.services.contains(packet.transportProtocol, packet.asked)
            && line.source?.contains(packet.source) != false
            && line.destination?.contains(packet.destination) != false
            && isAmong(line.inputInterfaces, packet.input) && isAmong(line.outputInterfaces, packet.output)
            && line.users.map { users in packet.user.map(users.contains) ?? false } != false
            && line.until.map { packet.time < $0 } != false
    }

    private func has(_ part: Baseline.Part) -> Bool { policy.baseline.parts.contains(part) }

    private func interface(_ packet: Passage) -> String? {
        packet.direction == .outbound ? packet.output : packet.input
    }

    private func isManagement(_ address: IPAddress) -> Bool {
        guard case .obligation(let obligation) = policy.management else { return false }
        return obligation.from?.contains(address) == true
    }

    private func isBridge(_ name: String?) -> Bool {
        guard let name, let containers = policy.containers else { return false }
        return containers.bridges.contains { $0.matches(name) }
    }

    private func isLoopback(_ address: IPAddress) -> Bool {
        address.family == .ipv4 && address.value >> 24 == 127
    }

    private func isMapped(_ address: IPAddress) -> Bool {
        address.family == .ipv6 && address.value >> 32 == 0xFFFF
    }

    private func isLinkLocal(_ address: IPAddress) -> Bool {
        address.family == .ipv6 && address.value >> 118 == 0xFE80 >> 6
    }
}
