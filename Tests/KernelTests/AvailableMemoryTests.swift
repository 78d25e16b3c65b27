import Netlink
import Testing

@testable import Kernel

/// What is there, what is not, and what cannot be read are three things.
@Suite struct AvailableMemoryTests {
    @Test func whatTheKernelSaysIsTaken() throws {
        let tree = try FileTree(["/proc/meminfo": "MemAvailable: 10 kB\nSwapFree: 2 kB\n"])
        #expect(try AvailableMemory.read(tree.files) == 12 << 10)
    }

    @Test func whereItSaysNothingNothingIsKnown() throws {
        let tree = try FileTree(["/proc/version": "Linux\n"])
        #expect(try AvailableMemory.read(tree.files) == nil)
    }

    /// A folder in the place of a file cannot be read, not even by root.
    @Test(arguments: ["/proc/meminfo", "/proc/self/cgroup", "/sys/fs/cgroup/a/memory.max"])
    func whatCannotBeReadIsAnError(path: String) throws {
        let all = ["/proc/meminfo": "MemAvailable: 10 kB\n", "/proc/self/cgroup": "0::/a\n"]
        var files = all.filter { $0.key != path }
        files["\(path)/file"] = ""
        let tree = try FileTree(files)
        #expect(throws: SystemError.self) { try AvailableMemory.read(tree.files) }
    }
}
