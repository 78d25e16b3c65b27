import Glibc
package import Netlink
package import PacketModel
import SystemPackage

/// The bridges of containers and virtual machines on this host.
package enum ContainerBridges {
    /// The interfaces of the calling thread's network namespace that match one of the patterns, sorted.
    package static func present(_ patterns: [InterfacePattern]) throws(SystemError) -> [String] {
        try interfaces().filter { name in patterns.contains { $0.matches(name) } }.sorted()
    }

    /// The names of all interfaces (if_nameindex(3)); /sys/class/net has those of the namespace that it was mounted in.
    package static func interfaces() throws(SystemError) -> [String] {
        guard let list = unsafe if_nameindex() else {
            throw SystemError("list the interfaces", Errno(rawValue: errno))
        }
        defer { unsafe if_freenameindex(list) }
        var names: [String] = []
        var next = unsafe list
        while let name = unsafe next.pointee.if_name {
            names.append(unsafe String(cString: name))
            unsafe next += 1
        }
        return names
    }
}
