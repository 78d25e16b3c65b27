import Glibc
import Netlink
import PacketModel
import SystemPackage

/// The addresses of the interfaces in the network namespace of the calling thread (getifaddrs(3)).
enum InterfaceAddresses {
    /// The interface that has each address; of several, as link-local addresses may have, the first.
    static func read() throws(SystemError) -> [IPAddress: String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        try checked("list the addresses of the interfaces", unsafe getifaddrs(&first))
        defer { unsafe freeifaddrs(first) }
        var result: [IPAddress: String] = [:]
        var next = unsafe first
        while let entry = unsafe next {
            unsafe next = entry.pointee.ifa_next
            guard let pointer = unsafe entry.pointee.ifa_addr, let address = unsafe address(pointer) else {
                continue
            }
            // A label of IPv4 may follow the name of the interface: `eth0:1` (ip-address(8)).
            let name = unsafe String(cString: entry.pointee.ifa_name).prefix { $0 != ":" }
            if result[address] == nil { result[address] = String(name) }
        }
        return result
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        switch Int32(unsafe pointer.pointee.sa_family) {
        case AF_INET:
            return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                IPAddress(
                    family: .ipv4,
                    value: UInt128(UInt32(bigEndian: unsafe $0.pointee.sin_addr.s_addr))
                )
            }
        case AF_INET6:
            return unsafe pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                unsafe withUnsafeBytes(of: $0.pointee.sin6_addr) { bytes in
                    let value = unsafe bytes.loadUnaligned(as: UInt128.self)
                    return IPAddress(family: .ipv6, value: UInt128(bigEndian: value))
                }
            }
        default: return nil
        }
    }
}
