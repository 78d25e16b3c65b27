import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// What stands inside: eyes past INPUT, and senders.
final class InsideEnd {
    /// The index of the loopback interface, the first of every namespace.
    static let loopback: Int32 = 1

    /// Sees what the machine tells itself: resets and errors for what OUTPUT refuses.
    let capture: PacketCapture
    /// Raw sockets, one for each family and protocol: they get a packet after INPUT let it pass (raw(7)).
    let receivers: [Socket]
    private var senders: [Int: Socket] = [:]
    private var held: [Socket] = []

    /// Made on a thread that is in the inside namespace.
    init(_ probes: [Probe]) throws(SystemError) {
        capture = try PacketCapture()
        var receivers: [Socket] = []
        for flow in Set(probes.compactMap(\.arrival)) {
            let domain = SocketAddress.domain(of: flow.family)
            let socket = try Socket(domain, SOCK_RAW, protocol: Int32(flow.number.number))
            try socket.makeRoom(bytes: 8 << 20)
            receivers.append(socket)
        }
        self.receivers = receivers
    }

    /// What arrived since the last time, each from the IP or the transport header on.
    func arrivals(limit: Int = 10_000) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for receiver in receivers {
            for _ in 0..<limit {
                guard let bytes = receiver.receive(), !bytes.isEmpty else { break }
                result.append(bytes)
            }
        }
        return result
    }

    /// Sends a packet from a socket of the user. What the rules do to it is not an error.
    func send(_ packet: WirePacket, user: UInt32, by link: String?) throws(SystemError) {
        let socket = try Socket.owned(by: user, packet)
        held.append(socket)
        // IGMP of a socket that is bound to an interface passes routers by (ip_route_output_key_hash_rcu, net/ipv4/route.c).
        if let link, !packet.destination.isRoutable { try socket.bind(toInterface: link) }
        try socket.set(SOL_SOCKET, SO_BROADCAST, to: 1)
        try socket.setHopLimit(packet.hopLimit, for: packet.destination)
        var (local, remote) = (SocketAddress(packet.source), SocketAddress(packet.destination))
        let result: Errno?
        switch packet.transport {
        case .udp(let source, let destination):
            (local.port, remote.port) = (source, destination)
            try socket.bind(to: local)
            result = socket.send(packet.payload, to: remote)
        case .tcp(let header) where header.flags == .syn:
            (local.port, remote.port) = (header.source, header.destination)
            try socket.bind(to: local)
            result = socket.connect(to: remote)
        case .tcp, .icmp, .opening, .other:
            try socket.bind(to: local)
            result = socket.send(packet.transportBytes, to: remote)
        }
        // The rules say EPERM or ECONNREFUSED; a mistake in the probe says something else.
        switch result {
        case nil, .notPermitted, .connectionRefused, .noRouteToHost, .networkUnreachable, .permissionDenied:
            return
        case let error?: throw SystemError("send to \(packet.destination)", error)
        }
    }
}

extension Probe {
    struct Arrival: Hashable {
        var family: IPFamily
        var number: IPProtocol
    }

    /// What a raw socket inside must listen to, to see this probe arrive.
    fileprivate var arrival: Arrival? {
        switch self {
        case .inbound(let packet, _):
            return Arrival(family: packet.family, number: packet.transport.number(in: packet.family))
        case .forwarded, .outbound:
            return nil
        case .conversation(let conversation):
            guard case .ping = conversation.kind, conversation.isOutbound else { return nil }
            let family = conversation.client.family
            return Arrival(family: family, number: family == .ipv4 ? .icmp : .icmpv6)
        }
    }
}
