import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// A boot needs nothing that it must write, and no state is so broken that nothing guards the host.
@Suite(.needsRoot) struct ReadOnlyBootKernelTests {
    /// The disk of a host in a machine that starts, where nothing can be written but in the folder of the test itself.
    private func reboot(_ host: TestHost) async throws -> TestHost? {
        TestProcesses.end(mentioning: host.state)
        let script = """
            mount --bind '\(host.folder)' '\(host.folder)'
            mount -o remount,bind,ro /
            mount --bind '\(host.state)' '\(host.state)'
            mount -o remount,bind,ro '\(host.state)'
            ! touch '\(host.state)/written' /tmp/written /var/tmp/written 2>/dev/null
            """
        guard let mounts = try await PrivateMounts.make(by: script, in: host.folder) else { return nil }
        return TestHost(try await .make(links: host.network.links), folder: host.folder, mounts: mounts)
    }

    @Test(arguments: BackendKind.allCases)
    func whatWasConfirmedIsLoaded(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        #expect(try await host.run("ban", "\(try host.outside(.ipv4))").status == 0)
        let digest = try await host.digest()
        // What waits counts for nothing, although that cannot be written down.
        _ = try await host.apply(TestHost.web, on: backend)
        guard let next = try await reboot(host) else { return }
        let boot = try await next.run("boot", "--without-watch")
        #expect(boot.status == 0, "\(boot)")
        #expect(boot.output == "generation 1 is loaded\n")
        #expect(boot.error.contains("note: ") && boot.error.contains("Read-only file system"), "\(boot)")
        #expect(try await next.digest() == digest)
        #expect(try await next.open() == ["ipv6 22"])
        withExtendedLifetime(host) {}
    }

    @Test func whatIsDamagedToo() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        try FileManager.default.removeItem(atPath: "\(host.state)/generations/1/after/nftables.nft")
        guard let next = try await reboot(host) else { return }
        let boot = try await next.run("boot", "--without-watch")
        #expect(boot.status == 1 && boot.error.contains("ONLY THE MINIMUM IS LOADED"), "\(boot)")
        #expect(try await next.open() == TestHost.sshAlone)
        withExtendedLifetime(host) {}
    }

    /// What each script makes of a state in which a firewall is confirmed.
    @Test(arguments: [
        "rm -rf STATE", "rm -rf STATE; touch STATE", "chmod 777 STATE", "rm -rf STATE; ln -s /tmp STATE",
        "rm -rf STATE/generations", "chmod 777 STATE/generations",
    ])
    func aStateThatIsOfNoUseGivesTheMinimum(_ script: String) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web)
        TestProcesses.end(mentioning: host.state)
        let spoil = script.replacing("STATE", with: "'\(host.state)'")
        try await Tool(named: "sh").run(["-c", spoil], text: "")
        let next = TestHost(try await .make(links: host.network.links), folder: host.folder)
        let boot = try await next.run("boot", "--without-watch")
        #expect(boot.status == 1 && boot.error.contains("ONLY THE MINIMUM IS LOADED"), "\(boot)")
        #expect(try await next.open() == TestHost.sshAlone)
        withExtendedLifetime(host) {}
    }

    /// A lock that is none keeps nothing from being loaded.
    @Test(arguments: ["rm -f LOCK; mkdir LOCK", "chmod 666 LOCK", "rm -f LOCK; ln -s /dev/null LOCK"])
    func aLockThatIsOfNoUseIsANote(_ script: String) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        TestProcesses.end(mentioning: host.state)
        let spoil = script.replacing("LOCK", with: "'\(host.state)/lock'")
        try await Tool(named: "sh").run(["-c", spoil], text: "")
        let next = TestHost(try await .make(links: host.network.links), folder: host.folder)
        let boot = try await next.run("boot", "--without-watch")
        #expect(boot.status == 0 && boot.error.contains("note: no lock is held"), "\(boot)")
        #expect(try await next.open() == TestHost.sshAlone)
        withExtendedLifetime(host) {}
    }
}
