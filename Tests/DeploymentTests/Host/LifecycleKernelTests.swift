import Compiler
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// A change from its apply to its end, by every backend.
@Suite(.needsRoot) struct LifecycleKernelTests {
    @Test(arguments: BackendKind.allCases)
    func whatIsAppliedObeysAtOnceAndIsTakenBackByHand(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        #expect(try await host.open() == TestHost.everything)
        let applied = try await host.apply(TestHost.ssh, on: backend)
        #expect(applied.output.contains("generation 1 is live, and is taken back at "))
        #expect(try await host.firewall.backends() == [backend])
        #expect(try await host.open() == TestHost.sshAlone)
        #expect(try host.outcomes() == [.pending])
        let back = try await host.run("rollback")
        #expect(back.status == 0, "\(back)")
        #expect(
            back.output.hasPrefix("generation 1 was taken back; the firewall from before is live\nopens "),
            "\(back)"
        )
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try await host.open() == TestHost.everything)
        #expect(try host.outcomes() == [.rolledBack])
        #expect(try await host.settles(within: .seconds(2)))
    }

    @Test(arguments: BackendKind.allCases)
    func whatIsConfirmedStaysAndIsTheWayBackOfTheNext(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.web, on: backend).ticket
        let confirmed = try await host.confirm(ticket)
        #expect(confirmed.status == 0, "\(confirmed)")
        #expect(confirmed.output == "confirmed: generation 1 stays\n")
        // Who lost the answer asks again.
        let again = try await host.run("confirm", ticket, "--same-session")
        #expect(again.status == 0 && again.output == confirmed.output, "\(again)")
        #expect(try await host.settles(within: .seconds(2)))
        let first = try await host.digest()

        _ = try await host.apply(TestHost.ssh, on: backend)
        #expect(try await host.open() == TestHost.sshAlone)
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.digest() == first)
        #expect(try await host.open() == TestHost.everything)
        #expect(try host.outcomes() == [.confirmed, .rolledBack])
    }

    /// From one backend to another and back, over a confirmed generation each time.
    @Test func aChangeOfBackendsLeavesNothingOfTheOther() async throws {
        let host = try await TestHost.make()
        var digests: [String] = []
        for (number, backend) in (BackendKind.allCases + [.nftables]).enumerated() {
            try await host.settle(number % 2 == 0 ? TestHost.web : TestHost.ssh, on: backend)
            #expect(try await host.firewall.backends() == [backend])
            digests.append(try await host.digest())
        }
        _ = try await host.apply(TestHost.web, on: .iptablesNft)
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.firewall.backends() == [.nftables])
        #expect(try await host.digest() == digests.last)
    }

    @Test(arguments: BackendKind.allCases)
    func earlierGenerationsComeBackAsNewOnes(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        let first = try await host.digest()
        try await host.settle(TestHost.web, on: backend)
        let second = try await host.digest()
        let back = try await host.run("rollback", "--to", "1")
        #expect(back.status == 0, "\(back)")
        #expect(try await host.digest() == first)
        #expect(try await host.confirm(try back.ticket).status == 0)
        let to = try await host.run("rollback", "--to", "2")
        #expect(to.status == 0, "\(to)")
        #expect(try await host.digest() == second)
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.digest() == first)
        #expect(try host.outcomes() == [.confirmed, .confirmed, .confirmed, .rolledBack])
        let history = try await host.run("history").output
        #expect(history.contains("back to 1") && history.contains("back to 2"), "\(history)")
        let same = try await host.run("rollback", "--to", "1")
        #expect(same.output.contains("nothing to do: generation 3 is the same firewall"), "\(same)")
    }

    @Test(arguments: BackendKind.allCases)
    func removalIsAChangeLikeAnyOther(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        let before = try await host.digest()
        let removed = try await host.run("remove")
        #expect(removed.status == 0, "\(removed)")
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try await host.open() == TestHost.everything)
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.digest() == before)
        let again = try await host.run("remove")
        #expect(try await host.confirm(try again.ticket).status == 0)
        #expect(try await host.firewall.listing().isEmpty)
        #expect(
            try await host.run("remove").output == "nothing to do: no rules of Wallwright are in the kernel\n"
        )
        let status = try await host.run("status")
        #expect(status.status == 0 && status.output.contains("Wallwright blocks nothing now"), "\(status)")
        // The watch has nothing to keep, and goes.
        #expect(try await host.waits(.seconds(8)) { host.workers("watch", inner: true).isEmpty })
        let back = try await host.run("rollback", "--to", "1")
        #expect(back.status == 0, "\(back)")
        #expect(try await host.digest() == before)
    }
}
