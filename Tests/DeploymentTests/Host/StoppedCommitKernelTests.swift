import Compiler
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// An apply that is stopped (Ctrl-Z, a debugger) and goes on when its guard has lost patience with it.
@Suite(.needsRoot) struct StoppedCommitKernelTests {
    /// The guard waits four minutes for a commit; here the test does in its place what it does without the lock. A tool
    /// that the stopped apply had started may still commit after that, so the end is for the holder of the lock.
    @Test(arguments: [TestHost.Phase.guarded, .committed, .pending])
    func itDoesNotBringTheNewRulesBack(_ phase: TestHost.Phase) async throws {
        for _ in 1...40 where try await Self.passes(phase) { return }
        Issue.record("it was never stopped when \(phase)")
    }

    private static func passes(_ wanted: TestHost.Phase) async throws -> Bool {
        let host = try await TestHost.make()
        let before = try await host.digest()
        let running = try await host.start("apply", try host.policy(TestHost.ssh), "--confirm-within", "5m")
        guard try await host.stops(running, when: wanted, of: 1, before: before),
            !running.output.contains("is live, and")
        else { return false }
        for process in host.workers(inner: false) + host.workers(inner: true) { kill(process, SIGKILL) }
        #expect(try host.opened().decide(1, from: .pending, .rollingBack))
        try await host.firewall.install(.none)
        running.process.signal(SIGCONT)
        let result = try await running.result()
        #expect(result.status != 0, "\(result)")
        #expect(
            result.error.contains("taken back") || result.error.contains("earlier firewall is still in place")
        )
        #expect(try await host.firewall.listing().isEmpty, "\(result)")
        #expect(try host.outcomes() == [.rolledBack])
        return true
    }
}
