import CKernel
import Glibc
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

    /// A new, empty namespace with its loopback interface down. Needs root.
    package static func make() async throws -> NetworkNamespace {
        try await OwnThread.run {
            try checked("unshare", kernel_unshare_network())
            let path: FilePath = "/proc/thread-self/ns/net"
            return NetworkNamespace(
                descriptor: try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            )
        }
    }

    /// Runs the work on a fresh thread inside the namespace; sockets made there stay there.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await OwnThread.run {
            try self.enter()
            return try work()
        }
    }

    /// Moves the calling thread, which must be an ``OwnThread``, into the namespace.
    func enter() throws(SystemError) {
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
}
