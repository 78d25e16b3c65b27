import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

extension Socket {
    /// A socket that belongs to the user, of the kind that sends such a packet.
    static func owned(by user: UInt32, _ packet: WirePacket) throws(SystemError) -> Socket {
        let domain = SocketAddress.domain(of: packet.family)
        let number = Int32(packet.transport.number(in: packet.family).number)
        switch packet.transport {
        case .udp: return try owned(by: user, domain, SOCK_DGRAM)
        case .tcp(let header) where header.flags == .syn: return try owned(by: user, domain, SOCK_STREAM)
        case .tcp, .icmp, .opening, .other: return try owned(by: user, domain, SOCK_RAW, protocol: number)
        }
    }

    /// A socket whose packets have this owner for the rules (nft(8), "meta skuid").
    static func owned(
        by user: UInt32,
        _ domain: Int32,
        _ type: __socket_type,
        protocol number: Int32 = 0
    ) throws(SystemError) -> Socket {
        let before = UInt32(bitPattern: kernel_set_thread_user(user))
        defer { _ = kernel_set_thread_user(before) }
        return try Socket(domain, type, protocol: number)
    }

    func bind(toInterface name: String) throws(SystemError) {
        let bytes = Array(name.utf8)
        try checked(
            "bind to \(name)",
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, bytes, socklen_t(bytes.count))
        )
    }

    func setHopLimit(_ limit: UInt8, for destination: IPAddress) throws(SystemError) {
        switch destination.family {
        case .ipv4:
            let option = destination.isMulticast ? IP_MULTICAST_TTL : IP_TTL
            try set(Int32(IPPROTO_IP), option, to: Int32(limit))
        case .ipv6:
            let option = destination.isMulticast ? IPV6_MULTICAST_HOPS : IPV6_UNICAST_HOPS
            try set(Int32(IPPROTO_IPV6), option, to: Int32(limit))
        }
    }

    /// The size of packets that the path of a connected socket takes; nil when it does not know.
    func pathMTU(_ family: IPFamily) -> UInt16? {
        do {
            switch family {
            case .ipv4: return UInt16(clamping: try value(Int32(IPPROTO_IP), IP_MTU))
            case .ipv6: return UInt16(clamping: try value(Int32(IPPROTO_IPV6), IPV6_MTU))
            }
        } catch {
            return nil
        }
    }
}

extension Conversation {
    var isOutbound: Bool {
        switch direction {
        case .inbound: false
        case .outbound: true
        }
    }

    /// The user whose socket the client is.
    var user: UInt32 {
        switch direction {
        case .inbound: 0
        case .outbound(let user): user
        }
    }
}

extension Flow {
    var withoutSource: Flow {
        Flow(from: destination, port: sourcePort, to: destination, port: destinationPort, transport)
    }
}
