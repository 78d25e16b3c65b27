import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Sees every packet that comes in by the interfaces of a namespace, before any rule there (packet(7)).
struct PacketCapture {
    let socket: Socket

    /// Makes a capture in the namespace of the calling thread.
    init() throws(SystemError) {
        socket = try Socket(AF_PACKET, SOCK_DGRAM, protocol: Int32(UInt16(ETH_P_ALL).bigEndian))
        // Many probes at once must not overrun it.
        try socket.makeRoom(bytes: 16 << 20)
    }

    /// The packets that wait, with the index of the interface; those that the namespace sends are left out.
    func drain(limit: Int = 10_000) -> [(packet: WirePacket, interface: Int32)] {
        var result: [(packet: WirePacket, interface: Int32)] = []
        for _ in 0..<limit {
            guard let (bytes, from) = socket.receiveFrom(sockaddr_ll()) else { break }
            guard Int32(from.sll_pkttype) != PACKET_OUTGOING, let packet = WirePacket(parsing: bytes) else {
                continue
            }
            result.append((packet, from.sll_ifindex))
        }
        return result
    }
}

/// Puts packets on the wire as they are, past routing and rules (packet(7)).
struct PacketInjector {
    private let socket: Socket

    init() throws(SystemError) {
        // Protocol 0: it sends only.
        socket = try Socket(AF_PACKET, SOCK_DGRAM)
    }

    /// Sends a packet by an interface to the neighbour with this hardware address, or to the group it is for.
    func send(_ packet: WirePacket, by interface: Int32, to neighbour: [UInt8]) throws(SystemError) {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = UInt16(packet.family == .ipv4 ? ETH_P_IP : ETH_P_IPV6).bigEndian
        address.sll_ifindex = interface
        address.sll_halen = 6
        let target = packet.destination.groupHardwareAddress ?? neighbour
        unsafe withUnsafeMutableBytes(of: &address.sll_addr) { unsafe $0.copyBytes(from: target.prefix(6)) }
        if let error = socket.send(packet.bytes, toStructure: address) {
            throw SystemError("sendto \(packet.destination)", error)
        }
    }
}

extension IPAddress {
    /// Where broadcasts and multicasts go on Ethernet (RFC 1112 section 6.4, RFC 2464 section 7).
    fileprivate var groupHardwareAddress: [UInt8]? {
        if self == .broadcast { return [UInt8](repeating: 0xFF, count: 6) }
        guard isMulticast else { return nil }
        switch family {
        case .ipv4: return [0x01, 0x00, 0x5E, bytes[1] & 0x7F] + bytes[2...]
        case .ipv6: return [0x33, 0x33] + bytes[12...]
        }
    }
}
