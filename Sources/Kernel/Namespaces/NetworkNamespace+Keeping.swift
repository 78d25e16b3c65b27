import Glibc
import Netlink
import SystemPackage

extension NetworkNamespace {
    /// The folder where `ip netns` looks for names (ip-netns(8)).
    package static let namesFolder = "/run/netns"

    /// Gives the namespace a name for `ip netns exec`; it then outlives this process until
    /// ``discard(_:)`` or a reboot. The name must be new.
    package func keep(as name: String) throws {
        let target = try Self.path(of: name)
        if unsafe mkdir(Self.namesFolder, 0o755) != 0, errno != EEXIST {
            throw SystemError("mkdir \(Self.namesFolder)", Errno(rawValue: errno))
        }
        let file = try FileDescriptor.open(
            FilePath(target),
            .readOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerRead
        )
        try file.close()
        do {
            try checked("mount \(target)", unsafe mount(path, target, "none", UInt(MS_BIND), nil))
        } catch {
            _ = unsafe unlink(target)
            throw error
        }
    }

    /// Takes a kept name away, and the namespace with it unless somebody is still inside.
    package static func discard(_ name: String) throws {
        let target = try Self.path(of: name)
        try checked("umount \(target)", unsafe umount2(target, Int32(MNT_DETACH)))
        try checked("unlink \(target)", unsafe unlink(target))
    }

    private static func path(of name: String) throws(SystemError) -> String {
        let allowed = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        guard allowed, !name.isEmpty, name != ".", name != ".." else {
            throw SystemError("name of a namespace", .invalidArgument)
        }
        return "\(namesFolder)/\(name)"
    }
}
