import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// What the next boot makes of the state: a fresh network namespace, and nothing but the disk.
@Suite(.needsRoot) struct BootKernelTests {
    /// The same disk under another kernel: every process is gone, and so are the rules.
    private func reboot(_ host: TestHost) async throws -> TestHost {
        TestProcesses.end(mentioning: host.folder)
        return TestHost(try await .make(links: host.network.links), folder: host.folder)
    }

    private func damage(_ file: String, of host: TestHost) throws {
        let path = "\(host.state)/generations/\(file)"
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test(arguments: BackendKind.allCases)
    func whatWasConfirmedIsLoadedAndWhatWaitedIsNot(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        let confirmed = try await host.digest()
        _ = try await host.apply(TestHost.web, on: backend)
        let next = try await reboot(host)
        #expect(try await next.open() == TestHost.everything)
        #expect(try await next.run("status").status == 1)
        let boot = try await next.run("boot")
        #expect(boot.status == 0, "\(boot)")
        #expect(boot.output == "generation 1 is loaded\n")
        #expect(try await next.digest() == confirmed)
        #expect(try await next.open() == TestHost.sshAlone)
        #expect(try next.outcomes() == [.confirmed, .rolledBack])
        let status = try await next.run("status")
        #expect(status.status == 0, "\(status)")
        #expect(status.output.contains("holds what was applied"))
        let history = try await next.run("history")
        #expect(history.output.contains("before it was confirmed"))
        withExtendedLifetime(host) {}
    }

    @Test func aBootIsFollowedByChangesAsBefore() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let next = try await reboot(host)
        #expect(try await next.run("boot").status == 0)
        let first = try await next.digest()
        let unchanged = try await next.run("apply", try next.policy(TestHost.ssh))
        #expect(unchanged.output.hasPrefix("nothing to do: generation 1"), "\(unchanged)")
        _ = try await next.apply(TestHost.web)
        #expect(try await next.run("rollback").status == 0)
        #expect(try await next.digest() == first)
        withExtendedLifetime(host) {}
    }

    @Test func aDamagedGenerationIsPassedOver() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let first = try await host.digest()
        try await host.settle(TestHost.web)
        let next = try await reboot(host)
        try damage("2/after/nftables.nft", of: host)
        let boot = try await next.run("boot")
        #expect(boot.status == 1)
        #expect(boot.output == "generation 1 is loaded\n")
        #expect(boot.error.contains("generations/2/after/nftables.nft is damaged"))
        #expect(try await next.digest() == first)
        withExtendedLifetime(host) {}
    }

    @Test(arguments: BackendKind.allCases)
    func whereNothingCanBeLoadedSSHGetsInAndNothingElse(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web, on: backend)
        let next = try await reboot(host)
        let file = backend == .nftables ? "nftables.nft" : "\(backend.rawValue).json"
        try FileManager.default.removeItem(atPath: "\(host.state)/generations/1/after/\(file)")
        let boot = try await next.run("boot")
        #expect(boot.status == 1)
        #expect(boot.error.contains("ONLY THE MINIMUM IS LOADED: SSH on port 22 gets in"), "\(boot)")
        #expect(boot.error.contains("do: sudo wallwright apply"))
        #expect(try await next.open() == TestHost.sshAlone)
        let status = try await next.run("status")
        #expect(status.status == 1)
        #expect(status.output.contains("holds the minimum only: SSH and pings get in"), "\(status)")
        withExtendedLifetime(host) {}
    }

    @Test func theMinimumKeepsToTheAddressesOfManagement() async throws {
        let host = try await TestHost.make()
        let outside = try host.outside(.ipv4)
        let policy = """
            management:
              from: \(outside)
            inbound:
              - allow: ssh
            outbound:
              - allow: any

            """
        try await host.settle(policy)
        let next = try await reboot(host)
        try damage("1/after/nftables.nft", of: host)
        #expect(try await next.run("boot").status == 1)
        #expect(try await next.open() == ["ipv4 22"])
        withExtendedLifetime(host) {}
    }

    @Test func aStateWithoutAnythingGivesTheMinimum() async throws {
        let host = try await TestHost.make()
        let boot = try await host.run("boot")
        #expect(boot.status == 1)
        #expect(try await host.open() == TestHost.sshAlone)
    }

    @Test func whatWasRemovedStaysRemoved() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        #expect(try await host.run("remove", "--now").status == 0)
        let next = try await reboot(host)
        let boot = try await next.run("boot")
        #expect(boot.status == 0)
        #expect(boot.output == "nothing is loaded: generation 2 removed the firewall\n")
        #expect(try await next.open() == TestHost.everything)
        withExtendedLifetime(host) {}
    }

    /// What a newer firewall took the place of is nothing to fall back to, and a removal would leave the host open.
    @Test func aRemovalIsNoFallback() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web)
        #expect(try await host.run("remove", "--now").status == 0)
        try await host.settle(TestHost.ssh)
        let next = try await reboot(host)
        try damage("3/after/nftables.nft", of: host)
        let status = try await next.run("status")
        #expect(status.status == 1 && status.output.contains("nftables.nft is damaged"), "\(status)")
        let boot = try await next.run("boot")
        #expect(boot.status == 1)
        #expect(boot.output == "generation 1 is loaded\n")
        #expect(boot.error.contains("generations/3/after/nftables.nft is damaged"))
        #expect(try await next.open() == TestHost.everything)
        withExtendedLifetime(host) {}
    }

    @Test(arguments: BackendKind.allCases)
    func bansComeBack(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web, on: backend)
        #expect(try await host.run("ban", "\(try host.outside(.ipv4))", "--for", "1h").status == 0)
        let next = try await reboot(host)
        #expect(try await next.run("boot").status == 0)
        #expect(try await next.open() == ["ipv6 22", "ipv6 80"])
        withExtendedLifetime(host) {}
    }
}
