import PacketModel

/// What a policy says of a packet that starts a conversation.
///
/// This is the meaning that docs/policy.md states, written down without chains or sets: compiled rulesets
/// are held against it.
package enum Judgement: Hashable, Sendable {
    /// A part of the baseline lets it pass, whatever the lines say.
    case baseline(Baseline.Part)
    /// A part of the baseline drops it, whatever the lines admit.
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
        let isManagement = management.exemptSources.map { $0.contains(remote(approach)) } ?? false
        let concerned = linesHeld(against: approach)
        // Management is spared by every deny here; `check` refuses a policy whose denied services shut it out.
        if !isManagement, let deny = concerned.first(where: { $0.action == .deny }) {
            return deny.isBan ? .banned(deny.origin) : .denied(deny.origin)
        }
        if let part = droppingPart(approach) { return .dropped(part) }
        let allows = concerned.filter { $0.action == .allow }
        if let unlimited = allows.first(where: { $0.limit == nil }) { return .admitted(unlimited.origin) }
        if containersAdmit(approach) { return .containers }
        if let limited = allows.first {
            return isManagement ? .admitted(limited.origin) : .limited(allows.map(\.origin))
        }
        return .rest
    }

    private func remote(_ approach: Approach) -> IPAddress {
        approach.direction == .outbound ? approach.destination : approach.source
    }

    /// The lines that speak of this packet; of what is published, those of inbound too.
    private func linesHeld(against approach: Approach) -> [PolicyLine] {
        var result = lines.filter { $0.contains(approach) }
        guard let containers else { return result }
        let toGuests =
            containers.isBridge(approach.outputInterface) && !containers.isBridge(approach.inputInterface)
        if approach.direction == .forward && toGuests {
            var inbound = approach
            inbound.direction = .inbound
            result += lines.filter { $0.action == .deny && $0.contains(inbound) }
        }
        let reachesPublished =
            approach.direction == .inbound
            || approach.direction == .forward && approach.isTranslated
                && containers.isBridge(approach.outputInterface)
        if reachesPublished {
            result += containers.published.filter { entry in
                entry.services.contains(approach.transportProtocol, approach.member)
                    && (entry.source?.contains(approach.source) ?? true)
            }.map { entry in
                PolicyLine(
                    direction: approach.direction,
                    action: .allow,
                    services: entry.services,
                    origin: entry.origin
                )
            }
        }
        return result
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
            return containers.parts.contains(.hostToBridge) && toGuest
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

    private func baselinePart(_ approach: Approach) -> Baseline.Part? {
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
}

extension Containers {
    func isBridge(_ name: String?) -> Bool {
        guard let name else { return false }
        return bridges.contains { $0.matches(name) }
    }
}
