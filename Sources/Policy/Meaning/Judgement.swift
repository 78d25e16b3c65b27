import PacketModel

/// What a policy says of a packet that starts a conversation.
///
/// This is the meaning that docs/policy.md states, written down without chains or sets: compiled rulesets
/// are held against it.
package enum Judgement: Hashable, Sendable {
    /// A part of the baseline lets it pass, whatever the lines say.
    case baseline(Baseline.Part)
    /// A part of the baseline drops it, whatever the lines say.
    case dropped(Baseline.Part)
    /// A part of `containers:` lets it pass.
    case containers
    case banned(Origin)
    case denied(Origin)
    case admitted(Origin)
    /// Passes while one of these lines is under its rate.
    case limited([Origin])
    /// No line admits it.
    case rest

    /// Passes as long as no limit is reached.
    package var passes: Bool {
        switch self {
        case .baseline, .containers, .admitted, .limited: true
        case .dropped, .banned, .denied, .rest: false
        }
    }
}

extension Policy {
    /// Judges a packet of a new connection, by sections 1 to 7 of the meaning.
    package func judge(_ approach: Approach) -> Judgement {
        if let part = baselinePart(approach) { return .baseline(part) }
        if let part = droppingPart(approach) { return .dropped(part) }
        if let part = lease(approach) { return .baseline(part) }
        if let deny = deny(against: approach) {
            return deny.isBan ? .banned(deny.origin) : .denied(deny.origin)
        }
        let allows = allows(of: approach)
        if let unlimited = allows.first(where: { $0.limit == nil }) { return .admitted(unlimited.origin) }
        if containersAdmit(approach) { return .containers }
        guard let limited = allows.first else { return .rest }
        return isSpared(approach) ? .admitted(limited.origin) : .limited(allows.map(\.origin))
    }

    /// Comes to this host, or to what its containers publish, from an address under `management.from`: bans and limits
    /// of `inbound` spare it.
    private func isSpared(_ approach: Approach) -> Bool {
        approach.direction == .inbound && management.exemptSources?.contains(approach.source) == true
    }

    /// The deny that decides what becomes of the packet. What is published is asked of the lines of inbound first.
    package func deny(against approach: Approach) -> PolicyLine? {
        let denies = lines.filter { $0.action == .deny }
        if isPublished(approach) {
            var inbound = approach
            inbound.direction = .inbound
            inbound.destination = approach.askedDestination ?? approach.destination
            if let deny = first(of: denies, against: inbound) { return deny }
        }
        return first(of: denies, against: approach)
    }

    private func first(of denies: [PolicyLine], against approach: Approach) -> PolicyLine? {
        let spared = isSpared(approach)
        return denies.filter { $0.contains(approach) && !($0.isBan && spared) }
            .min { ($0.isBan ? 0 : 1, $0.refusalRank) < ($1.isBan ? 0 : 1, $1.refusalRank) }
    }

    private func allows(of approach: Approach) -> [PolicyLine] {
        let allows = lines.filter { $0.action == .allow && $0.contains(approach) }
        guard let containers, approach.direction == .inbound || isPublished(approach) else { return allows }
        let published = containers.published.filter { entry in
            entry.services.contains(approach.transportProtocol, approach.member)
                && (entry.source?.contains(approach.source) ?? true)
        }
        return allows
            + published.map { entry in
                PolicyLine(
                    direction: approach.direction,
                    action: .allow,
                    services: entry.services,
                    origin: entry.origin
                )
            }
    }

    /// NAT changed its destination, and it leaves by a bridge.
    private func isPublished(_ approach: Approach) -> Bool {
        approach.direction == .forward && approach.isTranslated
            && containers?.isBridge(approach.outputInterface) == true
    }

    private func containersAdmit(_ approach: Approach) -> Bool {
        guard let containers else { return false }
        let (fromGuest, toGuest) = (
            containers.isBridge(approach.inputInterface), containers.isBridge(approach.outputInterface)
        )
        switch approach.direction {
        case .inbound:
            let isQuestion =
                approach.transportProtocol == .udp && [53, 67, 547].contains(approach.member)
                || approach.transportProtocol == .tcp && approach.member == 53
            return containers.parts.contains(.guestServices) && fromGuest && isQuestion
        case .outbound:
            return toGuest
                && (containers.parts.contains(.hostToBridge)
                    || containers.parts.contains(.guestServices) && approach.isLeaseForGuest)
        case .forward:
            let isSameBridge = containers.bridges.contains { bridge in
                [approach.inputInterface, approach.outputInterface].allSatisfy {
                    $0.map(bridge.matches) ?? false
                }
            }
            return containers.parts.contains(.sameBridge) && isSameBridge
                || containers.allowsOutbound && fromGuest && !toGuest
        }
    }

    func baselinePart(_ approach: Approach) -> Baseline.Part? {
        guard approach.direction != .forward else { return nil }
        let interface = approach.direction == .inbound ? approach.inputInterface : approach.outputInterface
        if baseline.has(.loopback) && interface == "lo" { return .loopback }
        if approach.transportProtocol == .icmpv6 {
            if baseline.has(.neighbourDiscovery) && ICMPKinds.neighbourDiscovery.contains(approach.member) {
                return .neighbourDiscovery
            }
            let isOfLink =
                approach.direction == .outbound
                || BaselineNetworks.linkLocal.contains(approach.source.value)
            if baseline.has(.multicastListener) && ICMPKinds.multicastListener.contains(approach.member)
                && isOfLink
            {
                return .multicastListener
            }
        }
        return nil
    }

    private func lease(_ approach: Approach) -> Baseline.Part? {
        let part: Baseline.Part =
            switch approach.family {
            case .ipv4: .dhcp
            case .ipv6: .dhcpv6
            }
        return baseline.has(part) && approach.isLeaseOfHost ? part : nil
    }
}

extension Approach {
    /// The host's own DHCP.
    fileprivate var isLeaseOfHost: Bool {
        let (client, server) = DHCPPorts.of(family)
        switch direction {
        case .inbound:
            let isOfLink = family == .ipv4 || BaselineNetworks.linkLocal.contains(destination.value)
            return isOfLink && isDatagram(from: server, to: client)
        case .outbound: return isDatagram(from: client, to: server)
        case .forward: return false
        }
    }

    /// What the host answers to guests that ask it for an address: no part of a connection, because they asked everybody.
    fileprivate var isLeaseForGuest: Bool {
        let (client, server) = DHCPPorts.of(family)
        return isDatagram(from: server, to: client)
    }

    private func isDatagram(from source: UInt16, to destination: UInt16) -> Bool {
        // What NAT changed is asked for by another port than that of the packet.
        transportProtocol == .udp && !isTranslated && sourcePort == source && member == destination
    }
}

extension PolicyLine {
    /// Of denies of one kind that all hold, the one of the least rank decides: what is said and answered is not kept
    /// silent by another.
    package var refusalRank: Int { (rejects ? 0 : 2) + (log == nil ? 1 : 0) }
}

extension Containers {
    func isBridge(_ name: String?) -> Bool {
        guard let name else { return false }
        return bridges.contains { $0.matches(name) }
    }
}
