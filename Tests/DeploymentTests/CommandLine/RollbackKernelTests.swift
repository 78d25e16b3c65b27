import Kernel
import TestSupport
import Testing

@testable import Deployment

/// The way back, as people type it.
@Suite(.needsRoot) struct RollbackKernelTests {
    /// Typed twice it goes no further than once.
    @Test func twiceIsOnce() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        try await host.settle(TestHost.web)
        let confirmed = try await host.digest()
        _ = try await host.apply(TestHost.ssh)
        let first = try await host.run("rollback")
        #expect(first.status == 0, "\(first)")
        #expect(
            first.output.hasPrefix(
                "generation 3 was taken back; the firewall from before is live: generation 2\n"
            ),
            "\(first)"
        )
        #expect(first.output.contains("opens    inbound   http from anywhere"), "\(first)")
        for _ in 1...2 {
            let again = try await host.run("rollback")
            #expect(again.status == 1, "\(again)")
            #expect(again.error.contains("nothing waits, so there is nothing to take back"), "\(again)")
            #expect(again.error.contains("generation 3 was taken back already: by hand"), "\(again)")
            #expect(again.error.contains("wallwright rollback --to 1"), "\(again)")
        }
        #expect(try await host.digest() == confirmed)
        #expect(try host.outcomes() == [.confirmed, .confirmed, .rolledBack])
    }

    /// What the deadline took back is not taken back a second time by whoever was slower.
    @Test func afterTheDeadlineNothingGoesFurther() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        try await host.settle(TestHost.web)
        let confirmed = try await host.digest()
        _ = try await host.apply(TestHost.ssh, within: "5s")
        #expect(try await host.settles(within: .seconds(10)))
        let late = try await host.run("rollback")
        #expect(late.status == 1 && late.error.contains("nobody confirmed it in time"), "\(late)")
        #expect(try await host.digest() == confirmed)
    }

    @Test func aDryRunSaysItAndChangesNothing() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        try await host.settle(TestHost.web)
        let before = (try await host.digest(), try host.inventory())
        let to = try await host.run("rollback", "--to", "1", "--dry-run")
        #expect(to.status == 0, "\(to)")
        #expect(to.output.contains("this would go back to generation 1, of "), "\(to)")
        #expect(to.output.contains("closes   inbound   http from anywhere"), "\(to)")
        #expect(to.output.hasSuffix("nothing was changed\n"), "\(to)")
        let none = try await host.run("rollback", "--dry-run")
        #expect(none.status == 1 && none.error.contains("nothing waits"), "\(none)")
        #expect(try await host.digest() == before.0)
        #expect(try host.inventory() == before.1)
        _ = try await host.apply(TestHost.ssh)
        let waiting = try await host.digest()
        let back = try await host.run("rollback", "--dry-run")
        #expect(back.status == 0 && back.output.contains("this would take generation 3 back"), "\(back)")
        #expect(back.output.contains("opens    inbound   http from anywhere"), "\(back)")
        #expect(try await host.digest() == waiting)
        #expect(try host.outcomes() == [.confirmed, .confirmed, .pending])
    }
}
