import CKernel
import Glibc
import Netlink
import SystemPackage

/// A network namespace that only an open descriptor holds.
///
/// It has no name and no mount, so it goes with this process, however that ends.
package final class NetworkNamespace: Sendable {
    let descriptor: FileDescriptor

    /// Where other processes find the namespace while this value lives.
    package let path: String

    private init(descriptor: FileDescriptor) {
        self.descriptor = descriptor
        path = "/proc/\(getpid())/fd/\(descriptor.rawValue)"
    }

    deinit {
        // A descriptor of a namespace has nothing to flush: closing it has no error that matters.
        do { try descriptor.close() } catch {}
    }

    /// A new, empty namespace with its loopback interface down. Throws ``NamespaceRefusal`` where none may be made.
    package static func make() async throws -> NetworkNamespace {
        try await OwnThread.run {
            do throws(SystemError) {
                try checked("unshare", kernel_unshare_network())
            } catch {
                if let refusal = NamespaceRefusal(error.errno) { throw refusal }
                throw error
            }
            let path: FilePath = "/proc/thread-self/ns/net"
            return NetworkNamespace(
                descriptor: try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            )
        }
    }

    /// As ``make()``; nil where none may be made, or where programs could not be run in it.
    package static func makeIfPossible() async throws -> NetworkNamespace? {
        do {
            return Tool.isInstalled("nsenter") ? try await make() : nil
        } catch is NamespaceRefusal {
            return nil
        }
    }

    /// The namespace that a path stands for (`/proc/PID/ns/net`, or a name of ip-netns(8)).
    package static func open(_ path: String) throws -> NetworkNamespace {
        NetworkNamespace(
            descriptor: try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        )
    }

    /// The number that tells namespaces apart as long as they live (namespaces(7)).
    package static func inode(of path: String) throws -> UInt64 {
        var status = stat()
        try checked("stat \(path)", unsafe stat(path, &status))
        return UInt64(status.st_ino)
    }

    /// Runs the work on a fresh thread inside the namespace; sockets made there stay there.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await OwnThread.run {
            try self.enter()
            return try work()
        }
    }

    /// As ``run(_:)``, in the caller's own namespace when none is given.
    package static func run<Value: Sendable>(
        in namespace: NetworkNamespace?,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        guard let namespace else { return try await OwnThread.run(work) }
        return try await namespace.run(work)
    }

    /// Whether the programs that this process starts are in it anyway.
    var isOfThisProcess: Bool { isSame(as: "/proc/self/ns/net") }

    private func isSame(as other: String) -> Bool {
        do { return try Self.inode(of: path) == Self.inode(of: other) } catch { return false }
    }

    /// Moves the calling thread, which must be an ``OwnThread``, into the namespace.
    func enter() throws(SystemError) {
        // Who is there already needs no right to enter (setns(2) asks for CAP_SYS_ADMIN all the same).
        if isSame(as: "/proc/thread-self/ns/net") { return }
        try checked("setns", kernel_enter_network(descriptor.rawValue))
    }

    /// Writes a setting of the namespace: `net/ipv4/ip_forward`, say.
    ///
    /// Call it inside ``run(_:)``: the kernel shows each thread the settings of its own namespace.
    package static func set(_ setting: String, to value: String) throws {
        let file = try FileDescriptor.open(
            FilePath("/proc/sys/\(setting)"),
            .writeOnly,
            options: .closeOnExec
        )
        try file.closeAfter { _ = try file.writeAll(value.utf8) }
    }
    /// As ``set(_:to:)``, of a setting that older kernels have not.
    static func setIfThere(_ setting: String, to value: String) throws {
        do {
            try set(setting, to: value)
        } catch let error as Errno where error == .noSuchFileOrDirectory {
            return
        }
    }
}
