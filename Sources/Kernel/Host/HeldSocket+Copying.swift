import CKernel
import Glibc
import Netlink
import PacketModel
import SystemPackage

/// By a copy of its descriptor: what a socket says of itself costs the same however many others there are.
extension HeldSocket {
    /// Those that a process holds; nil where its descriptors cannot be copied, as a kernel before Linux 5.6 and some
    /// sandboxes have it (pidfd_getfd(2)).
    static func all(of process: Int32) throws(SystemError) -> [HeldSocket]? {
        let descriptors = try SocketOwners.sockets(of: process).inodes
        guard !descriptors.isEmpty else { return [] }
        let handle = kernel_open_process(process)
        guard handle >= 0 else {
            // The process has ended meanwhile.
            return errno == ESRCH ? [] : nil
        }
        defer { close(handle) }
        var seen: Set<UInt64> = []
        var result: [HeldSocket] = []
        for (descriptor, inode) in descriptors where seen.insert(inode).inserted {
            let copy = kernel_copy_descriptor(handle, descriptor)
            guard copy >= 0 else {
                // It was closed, or the process has ended.
                if errno == EBADF || errno == ESRCH { continue }
                return nil
            }
            defer { close(copy) }
            if let socket = HeldSocket(copy, inode: inode) { result.append(socket) }
        }
        return result
    }

    /// Nil for a descriptor of anything else.
    init?(_ descriptor: Int32, inode: UInt64) {
        guard let transportProtocol = Self.transportProtocol(of: descriptor),
            let (local, localPort, interface) = unsafe Self.end(of: descriptor, getsockname)
        else { return nil }
        let isListening = Self.option(SO_ACCEPTCONN, of: descriptor) == 1
        let remote = unsafe Self.end(of: descriptor, getpeername)
        let bound = Self.option(Self.boundInterface, of: descriptor).map(UInt32.init(bitPattern:)) ?? 0
        self.init(
            inode: inode,
            transportProtocol: transportProtocol,
            isListening: isListening,
            ends: SocketEnds(
                local: local,
                localPort: localPort,
                remote: remote?.address ?? local,
                remotePort: remote?.port ?? 0,
                interface: bound == 0 ? interface : bound
            )
        )
    }

    /// Nil for another one than TCP and UDP.
    private static func transportProtocol(of descriptor: Int32) -> IPProtocol? {
        switch option(SO_PROTOCOL, of: descriptor) {
        case Int32(IPPROTO_TCP): .tcp
        // MPTCP carries a connection by one of TCP with the same ends (IPPROTO_MPTCP, linux/in.h).
        case 262: .tcp
        case Int32(IPPROTO_UDP): .udp
        default: nil
        }
    }

    /// SO_BINDTOIFINDEX (asm-generic/socket.h).
    private static let boundInterface: Int32 = 62

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else { return nil }
        return value
    }

    private typealias Naming = (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) ->
        Int32

    /// An end, and the number of the interface that a link-local address holds on.
    private static func end(
        of descriptor: Int32,
        _ name: Naming
    ) -> (address: IPAddress, port: UInt16, interface: UInt32)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe name(descriptor, address, &length)
            }
        }
        guard result == 0 else { return nil }
        return unsafe withUnsafeBytes(of: storage) { bytes in
            // Both families have the port after the family, in network order (ip(7), ipv6(7)).
            let port = UInt16(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            switch Int32(storage.ss_family) {
            case AF_INET:
                let value = UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
                return (IPAddress(family: .ipv4, value: UInt128(value)), port, 0)
            case AF_INET6:
                let value = UInt128(
                    bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt128.self)
                )
                let scope = unsafe bytes.loadUnaligned(fromByteOffset: 24, as: UInt32.self)
                return (IPAddress(family: .ipv6, value: value).withoutMapping, port, scope)
            default: return nil
            }
        }
    }
}
