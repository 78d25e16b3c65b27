package import Netfilter
package import PacketModel

/// How the firewall speaks of what it does.
package struct LogSettings: Hashable, Sendable {
    /// The rate at which dropped packets are logged, for each family; nil for silence.
    package var dropped: Rate?
    package var destination: Log.Destination
    /// Comes first in each message: `wallwright`.
    package var prefix: String

    package init(
        dropped: Rate? = nil,
        destination: Log.Destination = .kernelLog(.info),
        prefix: String = "wallwright"
    ) {
        self.dropped = dropped
        self.destination = destination
        self.prefix = prefix
    }
}

/// What must stay reachable. It opens nothing: a policy that does not admit it is refused.
package enum Management: Hashable, Sendable {
    package struct Obligation: Hashable, Sendable {
        /// TCP ports of sshd; nil for those that it listens on.
        package var ports: IntervalSet<UInt16>?
        /// From all of these the ports are admitted, whatever bans and limits say; nil for "from somewhere".
        package var from: AddressSet?
        /// The line of `management:`, if it is written.
        package var origin: Origin?

        package init(ports: IntervalSet<UInt16>? = nil, from: AddressSet? = nil, origin: Origin? = nil) {
            self.ports = ports
            self.from = from
            self.origin = origin
        }
    }

    /// `management: none`, for hosts without SSH.
    case none
    case obligation(Obligation)

    /// The addresses that bans and limits spare.
    package var exemptSources: AddressSet? {
        switch self {
        case .none: nil
        case .obligation(let obligation): obligation.from
        }
    }
}

/// The bridges of container engines and virtual machines.
package struct Containers: Hashable, Sendable {
    /// What the guests' traffic needs of the host; each can be turned off.
    package enum Part: String, CaseIterable, Sendable {
        /// Between guests of one bridge.
        case sameBridge = "same-bridge"
        /// From the host to its guests.
        case hostToBridge = "host-to-bridge"
        /// The guests' DHCP and DNS to the host.
        case guestServices = "guest-services"
    }

    package struct Published: Hashable, Sendable {
        /// Ports of TCP, UDP and the like, as asked for from outside.
        package var services: ServiceSet
        package var source: AddressSet?
        package var origin: Origin

        package init(services: ServiceSet, source: AddressSet? = nil, origin: Origin) {
            self.services = services
            self.source = source
            self.origin = origin
        }
    }

    package var bridges: [InterfacePattern]
    /// Guests may start connections to everywhere but other bridges.
    package var allowsOutbound: Bool
    package var published: [Published]
    package var parts: Set<Part>
    package var origin: Origin

    package init(
        bridges: [InterfacePattern] = .guestBridges,
        allowsOutbound: Bool,
        published: [Published] = [],
        parts: Set<Part> = Set(Part.allCases),
        origin: Origin
    ) {
        self.bridges = bridges
        self.allowsOutbound = allowsOutbound
        self.published = published
        self.parts = parts
        self.origin = origin
    }
}

/// A line of `nat:`. It changes addresses and ports; what may pass is for the other sections to say.
package struct TranslationLine: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// The source becomes the address of the interface that the packet leaves by.
        case masquerade
        /// The destination becomes this host, and this port.
        case redirect(port: UInt16)
        /// The destination becomes another host; a nil port stays as it is.
        case portForward(IPAddress, port: UInt16?)
    }

    package var action: Action
    /// What is asked for, for redirect and port-forward; `any` for masquerade.
    package var services: ServiceSet
    package var source: AddressSet?
    package var destination: AddressSet?
    package var inputInterfaces: [InterfacePattern]?
    package var outputInterfaces: [InterfacePattern]?
    package var origin: Origin

    package init(
        action: Action,
        services: ServiceSet,
        source: AddressSet? = nil,
        destination: AddressSet? = nil,
        inputInterfaces: [InterfacePattern]? = nil,
        outputInterfaces: [InterfacePattern]? = nil,
        origin: Origin
    ) {
        self.action = action
        self.services = services
        self.source = source
        self.destination = destination
        self.inputInterfaces = inputInterfaces
        self.outputInterfaces = outputInterfaces
        self.origin = origin
    }
}
