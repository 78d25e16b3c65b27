import Glibc
import Netlink
import SystemPackage

enum InterfaceNames {
    /// Those of the network namespace of the calling thread, by their numbers (if_nameindex(3)); /sys/class/net has those of
    /// the namespace that it was mounted in.
    static func read() throws(SystemError) -> [UInt32: String] {
        guard let list = unsafe if_nameindex() else {
            throw SystemError("list the interfaces", Errno(rawValue: errno))
        }
        defer { unsafe if_freenameindex(list) }
        var names: [UInt32: String] = [:]
        var next = unsafe list
        while let name = unsafe next.pointee.if_name {
            names[unsafe next.pointee.if_index] = unsafe String(cString: name)
            unsafe next += 1
        }
        return names
    }
}
