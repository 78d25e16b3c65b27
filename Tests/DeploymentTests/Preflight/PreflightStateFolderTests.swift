import Diagnostics
import Glibc
import Kernel
import SystemPackage
import Testing

@testable import Deployment

@Suite struct PreflightStateFolderTests {
    private static func judge(_ filesystem: StateFolderCheck.Filesystem) -> [String] {
        let folder: FilePath = "/var/lib/wallwright"
        let check = StateFolderCheck(
            folder: folder,
            existing: "/var/lib",
            isFolder: true,
            filesystem: filesystem
        )
        return check.diagnostics.map(\.code)
    }

    @Test func aFilesystemMustLastAndTakeWhatIsWritten() {
        #expect(Self.judge(.init(type: "ext4", free: 8 << 20)) == [])
        #expect(Self.judge(.init(type: nil, free: nil)) == [])
        #expect(Self.judge(.init(type: "tmpfs", free: 8 << 30)) == ["preflight.state.volatile"])
        #expect(Self.judge(.init(type: "ramfs")) == ["preflight.state.volatile"])
        #expect(
            Self.judge(.init(type: "ext4", isReadOnly: true, free: 8 << 30)) == ["preflight.state.readonly"]
        )
        #expect(Self.judge(.init(type: "ext4", free: 8 << 20 - 1)) == ["preflight.state.full"])
    }

    @Test func aFolderThatIsNotThereIsJudgedByTheNearestAbove() {
        let check = StateFolderCheck("/dev/null/wallwright", mounts: "")
        #expect(check.existing == "/dev/null")
        #expect(check.diagnostics.map(\.code) == ["preflight.state.notfolder"])
        #expect(StateFolderCheck("/no-such/a/b", mounts: "").existing == "/")
        // The tests run in the package's folder.
        #expect(StateFolderCheck("no-such/state", mounts: "").existing == ".")
        #expect(StateFolderCheck("no-such/state", mounts: "").isFolder)
    }

    @Test func memoryOfThisMachineIsToldFromItsDisk() async throws {
        let mounts = try #require(await HostTree().text(of: "/proc/self/mountinfo"))
        #expect(StateFolderCheck("/dev/shm/wallwright/state", mounts: mounts).filesystem?.type == "tmpfs")
        #expect(StateFolderCheck("/usr", mounts: mounts).filesystem?.type != "tmpfs")
    }

    /// A line has any number of optional fields before its dash (proc(5)).
    @Test func theTableOfMountsNamesTheTypeByDevice() {
        let mounts = """
            22 28 0:21 / /proc rw,nosuid - proc proc rw
            28 1 254:1 / / rw,relatime shared:1 master:7 - ext4 /dev/vda1 rw,errors=remount-ro
            29 28 0:300 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,size=1g

            """
        #expect(StateFolderCheck.Filesystem.type(of: 0xFE01, mounts: mounts) == "ext4")
        // Minor numbers over 255 have their upper bits above the major number.
        #expect(StateFolderCheck.Filesystem.type(of: 0x10_002C, mounts: mounts) == "tmpfs")
        #expect(StateFolderCheck.Filesystem.type(of: 0x1234, mounts: mounts) == nil)
        #expect(StateFolderCheck.Filesystem.type(of: 0xFE01, mounts: "") == nil)
    }
}
