import Glibc
import Netlink
import PacketModel

/// An address and port of a socket of either family.
struct SocketAddress: Hashable, Sendable {
    var address: IPAddress
    var port: UInt16

    init(_ address: IPAddress, port: UInt16 = 0) {
        self.address = address
        self.port = port
    }

    static func domain(of family: IPFamily) -> Int32 {
        switch family {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    /// Hands the structure of the family to a system call.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch address.family {
        case .ipv4:
            var structure = sockaddr_in()
            structure.sin_family = sa_family_t(AF_INET)
            structure.sin_port = port.bigEndian
            structure.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.value).bigEndian
            return unsafe Socket.withAddress(structure, body)
        case .ipv6:
            var structure = sockaddr_in6()
            structure.sin6_family = sa_family_t(AF_INET6)
            structure.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &structure.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: address.value.bigEndian, as: UInt128.self)
            }
            return unsafe Socket.withAddress(structure, body)
        }
    }

    /// The port that a bound socket got.
    static func localPort(of socket: Socket) throws(SystemError) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(socket.descriptor, address, &length)
            }
        }
        try checked("getsockname", result)
        // Both families have the port after the family, in network order (ip(7), ipv6(7)).
        return unsafe withUnsafeBytes(of: storage) { bytes in
            UInt16(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
