import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// A disk that takes nothing more: a clear message, and the firewall from before.
@Suite(.needsRoot) struct FullDiskKernelTests {
    /// Nil, said aloud, where the kernel has no loop devices.
    private func host() async throws -> (TestHost, SmallDisk)? {
        let folder = try TestHost.makeFolder()
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1)])
        guard let disk = try await SmallDisk.mount(in: folder) else {
            print("no loop devices: tests on a full disk are skipped")
            _ = TestHost(network, folder: folder)
            return nil
        }
        return (TestHost(network, folder: folder, disk: disk), disk)
    }

    /// The room ends before the first file, after it, and so on until all have room.
    @Test func anApplyThatRunsOutOfRoomChangesNothing() async throws {
        guard let (host, disk) = try await host() else { return }
        let path = try host.policy(TestHost.ssh)
        var (refusals, successes) = (0, 0)
        for inodes in 0...24 {
            try await disk.leave(inodes: inodes)
            let result = try await host.run("apply", path)
            if result.status == 0 {
                successes += 1
                #expect(try host.outcomes() == [.pending], "\(inodes)")
                #expect(try await host.firewall.backends() == [.nftables], "\(inodes)")
                #expect(host.workers(inner: true).count == 1, "\(inodes)")
                let back = try await host.run("rollback")
                #expect(back.status == 0, "\(inodes): \(back)")
            } else {
                refusals += 1
                #expect(result.status == 4, "\(inodes): \(result)")
                #expect(result.error.contains("No space left on device"), "\(inodes): \(result)")
                #expect(result.error.contains("do: make room"), "\(inodes): \(result)")
            }
            #expect(try await host.firewall.listing().isEmpty, "\(inodes): \(result)")
            #expect(try await host.settles(within: .seconds(5)), "\(inodes): \(result)")
            let status = try await host.run("status")
            #expect(status.status == 0, "\(inodes): \(status)")
            #expect(try await host.run("history").status == 0, "\(inodes)")
            try await disk.clear()
            let next = try await host.run("apply", path)
            #expect(next.status == 0, "\(inodes): \(next)")
            #expect(try await host.run("rollback").status == 0, "\(inodes)")
            TestProcesses.end(mentioning: host.state)
            try await disk.run("rm -rf '\(host.state)'")
        }
        #expect(refusals > 8 && successes > 2, "\(refusals) refused, \(successes) done")
    }

    @Test func whatWaitsIsDecidedAlsoOnAFullDisk() async throws {
        guard let (host, disk) = try await host() else { return }
        let path = try host.policy(TestHost.ssh)
        let first = try await host.run("apply", path)
        let new = try await host.digest()
        try await disk.leaveNothing()
        let back = try await host.run("rollback")
        #expect(back.status == 0, "\(back)")
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try host.outcomes() == [.rolledBack])
        let late = try await host.confirm(try first.ticket)
        #expect(late.status == 1 && late.error.contains("generation 1 was taken back"), "\(late)")
        let refused = try await host.run("apply", path)
        #expect(refused.status == 1 && refused.error.contains("preflight.state.full"), "\(refused)")
        try await disk.clear()
        let second = try await host.run("apply", path, "--confirm-within", "6s")
        try await disk.leaveNothing()
        #expect(try await host.settles(within: .seconds(12)))
        #expect(try await host.firewall.listing().isEmpty, "\(second)")
        try await disk.clear()
        let third = try await host.run("apply", path)
        try await disk.leaveNothing()
        let confirmed = try await host.confirm(try third.ticket)
        #expect(confirmed.status == 0, "\(confirmed)")
        #expect(try await host.digest() == new)
        #expect(try host.outcomes() == [.rolledBack, .rolledBack, .confirmed])
        #expect(try await host.run("status").status == 0)
        for arguments in [["remove"], ["ban", "192.0.2.9"]] {
            let result = try await host.start(
                host.wrapper + [TestHost.program] + arguments + ["--state", host.state]
            ).result()
            #expect(result.status == 4 && result.error.contains("No space left on device"), "\(result)")
        }
        #expect(try await host.digest() == new)
        #expect(try host.outcomes() == [.rolledBack, .rolledBack, .confirmed])
    }
}
