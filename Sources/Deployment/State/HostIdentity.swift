import Glibc
import Kernel

/// Which kernel run and which network namespace a change belongs to; in another one it means nothing.
package struct HostIdentity: Codable, Hashable, Sendable {
    /// A UUID of each boot (random(4), "/proc/sys/kernel/random/boot_id").
    package var boot: String
    /// The inode of the network namespace (namespaces(7), "The /proc/pid/ns/ directory").
    package var namespace: UInt64

    /// Where the kernel tells the number of a boot.
    static let bootFile = "/proc/sys/kernel/random/boot_id"

    /// That of this process.
    package static func current() throws -> HostIdentity {
        guard let boot = try HostFiles().text(of: bootFile) else {
            throw ChangeError.failed(
                "\(bootFile) cannot be read\ndo: run it where /proc is whole; in a container, do not hide /proc/sys"
            )
        }
        return HostIdentity(
            boot: String(boot.prefix { $0 != "\n" }),
            namespace: try NetworkNamespace.inode(of: "/proc/self/ns/net")
        )
    }

    /// A process that lives in the namespace, or a name of it, as a path to open; nil when there is none left.
    func namespacePath() throws -> String? {
        let processes = try HostFiles().names(in: "/proc").filter { $0.allSatisfy(\.isNumber) }.map {
            "/proc/\($0)/ns/net"
        }
        let names = try HostFiles().names(in: NetworkNamespace.namesFolder).map {
            "\(NetworkNamespace.namesFolder)/\($0)"
        }
        return (processes + names).first { path in
            // A process that ended meanwhile is in no namespace.
            do { return try NetworkNamespace.inode(of: path) == namespace } catch { return false }
        }
    }
}
