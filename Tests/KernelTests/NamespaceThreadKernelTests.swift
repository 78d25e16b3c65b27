import Glibc
import TestSupport
import Testing

@testable import Kernel

/// No thread that others may use is left in another namespace.
@Suite(.needsRoot) struct NamespaceThreadKernelTests {
    /// A pool lets its threads go after five idle seconds (libdispatch, `_dispatch_worker_thread`), and whoever wakes it
    /// then is where the next ones are born, in that one's namespace (clone(2)).
    @Test func aPoolThatWasIdleStaysAtHome() async throws {
        let home = try NetworkNamespace.inode(of: "/proc/self/ns/net")
        let there = try await NetworkNamespace.make().run {
            sleep(6)
            return try NetworkNamespace.inode(of: "/proc/thread-self/ns/net")
        }
        #expect(there != home)
        let here = try await NetworkNamespace.run(in: nil) {
            try NetworkNamespace.inode(of: "/proc/thread-self/ns/net")
        }
        #expect(here == home)
    }
}
