import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Two people who change the firewall at the same time.
@Suite(.needsRoot) struct TwoAtOnceKernelTests {
    @Test func ofTwoAppliesOneWinsAndTheOtherIsTold() async throws {
        try await together(Array(0..<12), atMost: 3) { (run: Int) in
            let host = try await TestHost.make()
            let first = try host.policy(TestHost.ssh, named: "first.yaml")
            let second = try host.policy(TestHost.web, named: "second.yaml")
            let one = try await host.start(
                "apply",
                first,
                "--backend",
                BackendKind.allCases[run % 3].rawValue
            )
            try await Task.sleep(for: .milliseconds(run * 20))
            let other = try await host.start("apply", second)
            let results: [CommandResult] = [try await one.result(), try await other.result()]
            #expect(results.map(\.status).sorted() == [0, 1], "\(results)")
            let told: String = results.first { $0.status == 1 }?.error ?? ""
            #expect(
                told.contains("generation 1 by root waits to be confirmed, for ")
                    || told.contains("another change is under way: wallwright apply by root, process "),
                "\(results)"
            )
            #expect(try host.outcomes() == [.pending])
            #expect(try await host.digest() == host.opened().commitment(1)?.digest)
        }
    }

    @Test func whoWaitsForTheLockInVainHearsWhoHoldsIt() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let lock = try await ChangeLock.acquire(
            in: try host.opened(),
            for: "a test by root",
            waiting: .seconds(5)
        )
        let result = try await host.run("rollback", "--to", "1")
        #expect(result.status == 1, "\(result)")
        #expect(result.error.contains("another change is under way: a test by root, process "), "\(result)")
        lock.release()
        #expect(try await host.run("rollback", "--to", "1").status == 0)
    }

    /// Two watches in one namespace would take each other's firewall away for ever.
    @Test func anotherStateFolderIsRefusedWhereOneIsLookedAfter() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let before = try await host.digest()
        let other = TestHost(host.network, folder: try TestHost.makeFolder())
        let refused = try await other.run("apply", try other.policy(TestHost.web), "--now")
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.error.contains("looked after with the state in \(host.state), not in \(other.state)"))
        #expect(refused.error.contains("do: use --state \(host.state)"))
        #expect(try await host.digest() == before)
    }
}
