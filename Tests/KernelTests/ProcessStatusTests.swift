import Glibc
import Testing

@testable import Kernel

@Suite struct ProcessStatusTests {
    private static let rest =
        " S 812 4711 4700 34816 4711 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 1 2 18446744073709551615"

    @Test(arguments: ["sshd", "a b", "a) S 1 (b", ")", "((", "", "tmux: server"])
    func aNameMayHoldAnything(_ name: String) throws {
        let status = try #require(
            ProcessStatus(stat: Array("4711 (\(name))\(Self.rest)\n".utf8), ticksPerSecond: 100)
        )
        #expect(status.name == name)
        #expect(status.identifier == 4_711)
        #expect(status.parent == 812)
        #expect(status.sessionLeader == 4_700)
        #expect(status.start == .seconds(1_234) + .milliseconds(560))
    }

    @Test(arguments: [
        "", "4711", "4711 sshd S 1 2 3", ") 4711 (", "4711 (sshd) S 812 4711", "x (sshd)\(rest)",
    ])
    func whatIsNoStatusIsNone(_ text: String) {
        #expect(ProcessStatus(stat: Array(text.utf8), ticksPerSecond: 100) == nil)
    }

    @Test func thisProcessComesFromItsParent() throws {
        let ancestry = try ProcessStatus.ancestry(of: getpid())
        #expect(ancestry.prefix(2).map(\.identifier) == [getpid(), getppid()])
        #expect(ancestry.first?.sessionLeader == getsid(0))
        #expect(zip(ancestry, ancestry.dropFirst()).allSatisfy { $0.parent == $1.identifier })
        #expect(try ProcessStatus.read(0) == nil)
    }

    @Test func aProcessStartsNow() async throws {
        func uptime() -> Duration {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let before = uptime()
        let process = try TestProcess(["/bin/sleep", "60"])
        let start = try #require(try ProcessStatus.read(process.identifier)).start
        // A tick is 10 ms, and its begin is what counts.
        #expect(start > before - .milliseconds(20))
        #expect(start <= uptime())
    }
}
