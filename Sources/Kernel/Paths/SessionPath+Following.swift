import Glibc
package import Netlink
import PacketModel
import SystemPackage

extension SessionPath {
    /// The way of a connection of the calling thread's network namespace.
    package static func of(_ connection: LiveConnection) throws(SystemError) -> SessionPath {
        var follower = try PathFollower()
        try follower.follow(connection.remote, connection.local, ports: connection, depth: 0)
        return follower.path
    }
}

/// Goes from the addresses of a session down to what carries it.
private struct PathFollower {
    var path = SessionPath()
    private let routes: RouteReader
    private let security: SecurityPolicies

    /// Tunnels in tunnels; more are a loop.
    private static let mostTunnels = 4

    init() throws(SystemError) {
        routes = try RouteReader()
        security = try SecurityPolicies.read()
    }

    /// - Parameter ports: the session, whose ports are those of the packets between these addresses; nil further down
    mutating func follow(
        _ remote: IPAddress,
        _ local: IPAddress?,
        ports: LiveConnection?,
        depth: Int
    ) throws(SystemError) {
        guard depth < Self.mostTunnels, !remote.isLoopback else { return }
        let protection = security.flows(from: remote, to: local, ports, linkedTo: nil)
        if !protection.isEmpty { try add(Tunnel(name: "IPsec", flows: protection), depth) }
        guard let route = try routes.route(to: remote, from: local),
            let link = try routes.link(route.interface)
        else { return }
        try pass(link, next: route.gateway ?? remote, remote, local, isOnLink: route.gateway == nil, depth)
    }

    /// What carries packets that go by a link, to a neighbour on it.
    private mutating func pass(
        _ link: NetworkLink,
        next: IPAddress,
        _ remote: IPAddress,
        _ local: IPAddress?,
        isOnLink: Bool,
        _ depth: Int
    ) throws(SystemError) {
        switch link.kind {
        case "bridge":
            try passBridge(link, next: next, remote, local, isOnLink: isOnLink, depth)
        case "veth":
            if isOnLink, link.isNamedForGuest { path.guest = link.name }
        case "tun":
            let carriers = try TunnelPrograms.flows(of: link.name)
            if carriers.isEmpty, isOnLink, link.hardware == NetworkLink.ethernet {
                path.guest = link.name
            } else {
                try add(Tunnel(name: "\(link.name) (a program's)", flows: carriers), depth)
            }
        case "wireguard":
            let flows = try WireGuardDevice.read(link.name)?.flows(to: remote) ?? []
            try add(Tunnel(name: link.title, flows: flows), depth)
        case "xfrm":
            let number = link.setting(2)?.hostInteger(UInt32.self) ?? 0
            let flows = security.flows(from: remote, to: local, nil, linkedTo: number)
            try add(Tunnel(name: link.title, flows: flows), depth)
        case let kind?:
            guard TunnelKind.carriers.contains(kind) else { return }
            let hardware =
                link.hardware == NetworkLink.ethernet ? try routes.neighbour(next, on: link.index) : nil
            let destination = try hardware.flatMap { hardware throws(SystemError) in
                try routes.destination(of: hardware, by: link.index)
            }
            try add(Tunnel(name: link.title, flows: TunnelKind.flows(of: link, to: destination)), depth)
        case nil: return
        }
    }

    /// A bridge leads to the port behind which the neighbour is.
    private mutating func passBridge(
        _ bridge: NetworkLink,
        next: IPAddress,
        _ remote: IPAddress,
        _ local: IPAddress?,
        isOnLink: Bool,
        _ depth: Int
    ) throws(SystemError) {
        let ports = try routes.ports(of: bridge.index)
        let hardware = try routes.neighbour(next, on: bridge.index)
        let number = try hardware.flatMap { hardware throws(SystemError) in
            try routes.port(of: hardware, on: bridge.index)
        }
        guard let port = ports.first(where: { $0.index == number }) else {
            // Behind a bridge of nothing but guests nobody else is.
            let hasGuestsAlone = !ports.isEmpty && ports.allSatisfy { $0.leadsToGuest(of: bridge) }
            if isOnLink, hasGuestsAlone { path.guest = bridge.name }
            return
        }
        if port.leadsToGuest(of: bridge) {
            if isOnLink { path.guest = bridge.name }
        } else if let kind = port.kind, TunnelKind.carriers.contains(kind) {
            let destination = try hardware.flatMap { hardware throws(SystemError) in
                try routes.destination(of: hardware, by: port.index)
            }
            try add(Tunnel(name: port.title, flows: TunnelKind.flows(of: port, to: destination)), depth)
        }
    }

    /// Adds a tunnel and goes on below it.
    private mutating func add(_ tunnel: Tunnel, _ depth: Int) throws(SystemError) {
        var tunnel = tunnel
        // What is protected between the same two ends is found again below itself.
        let isKnown = path.tunnels.contains { known in
            known.name == tunnel.name && known.flows.map(\.remote) == tunnel.flows.map(\.remote)
        }
        if isKnown { return }
        for index in tunnel.flows.indices {
            let flow = tunnel.flows[index]
            guard let remote = flow.remote, let route = try routes.route(to: remote, from: flow.local) else {
                continue
            }
            tunnel.flows[index].interface = try routes.link(route.interface)?.name
        }
        path.tunnels.append(tunnel)
        for remote in Set(tunnel.flows.compactMap(\.remote)) {
            let local = tunnel.flows.first { $0.remote == remote }?.local
            try follow(remote, local, ports: nil, depth: depth + 1)
        }
    }
}

extension NetworkLink {
    fileprivate var title: String { "\(name) (\(kind ?? "a device"))" }

    /// The names that engines of containers and virtual machines give to their ends of links. A host that is a container
    /// itself has a link of this kind for its way out, and calls it otherwise.
    fileprivate var isNamedForGuest: Bool {
        ["veth", "ve-", "vb-", "cali", "lxc", "cni", "vnet", "tap", "vif", "fwpr"].contains(
            where: name.hasPrefix
        )
    }

    /// A port of a bridge behind which a guest is: of a bridge that an engine made, every one that is software alone.
    fileprivate func leadsToGuest(of bridge: NetworkLink) -> Bool {
        switch kind {
        case "veth": isNamedForGuest || [InterfacePattern].guestBridges.contains { $0.matches(bridge.name) }
        case "tun": true
        default: false
        }
    }
}
