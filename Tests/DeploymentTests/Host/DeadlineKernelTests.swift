import Compiler
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// What happens when the time of a change is over, and what does not.
@Suite(.needsRoot) struct DeadlineKernelTests {
    /// Where a change begins.
    private static let starts: [String?] = [nil, TestHost.web]

    /// All at once, for most of it is waiting.
    @Test func nobodyConfirmsAndTheFirewallFromBeforeComesBack() async throws {
        try await together(BackendKind.allCases.flatMap { backend in Self.starts.map { (backend, $0) } }) {
            try await Self.pass($0.0, from: $0.1)
        }
    }

    private static func pass(_ backend: BackendKind, from start: String?) async throws {
        let host = try await TestHost.make()
        if let start { try await host.settle(start, on: backend) }
        let before = try await host.firewall.listing()
        let backends = try await host.firewall.backends()
        _ = try await host.apply(TestHost.ssh, on: backend, within: "5s")
        let number = try #require(try host.opened().generationNumbers().last)
        let commitment = try #require(try host.opened().commitment(number))
        #expect(try await host.digest() == commitment.digest)
        #expect(try await host.settles(within: .seconds(12)))
        let late = BootClock.now.inSeconds - commitment.deadline
        #expect(late > 0 && late < 3, "it came back \(late) s after the deadline")
        #expect(try await host.firewall.listing() == before)
        #expect(try await host.firewall.backends() == backends)
        #expect(try host.outcomes().last == .rolledBack)
        #expect(try host.opened().decision(number)?.reason == "nobody confirmed it in time")
        let history = try await host.run("history", "--last", "1")
        #expect(
            history.output.contains("taken back") && history.output.contains("nobody confirmed it in time")
        )
        let afterwards = try await host.run("confirm", "\(number)-aaaa")
        #expect(afterwards.status == 1)
        #expect(afterwards.error.contains("was taken back: nobody confirmed it in time"))
    }

    @Test func afterAConfirmationTheDeadlinePassesUnnoticed() async throws {
        try await together(BackendKind.allCases) { backend in
            let host = try await TestHost.make()
            let applied = try await host.apply(TestHost.ssh, on: backend, within: "5s")
            let commitment = try #require(try host.opened().commitment(1))
            #expect(try await host.confirm(try applied.ticket).status == 0)
            try await Task.sleep(
                for: .seconds(max(0, commitment.deadline - BootClock.now.inSeconds) + 0.5)
            )
            #expect(try await host.digest() == commitment.digest)
            #expect(try host.outcomes() == [.confirmed])
            #expect(host.workers(inner: true).isEmpty && host.workers(inner: false).isEmpty)
        }
    }

    /// As while the watch puts a large firewall back: whoever asked in time is not late because others had the lock.
    @Test func whoeverConfirmsInTimeIsWaitedFor() async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.ssh, within: "5s").ticket
        let folder = try host.opened()
        let deadline = try #require(try folder.commitment(1)).deadline
        let lock = try await ChangeLock.acquire(in: folder, for: "a test", waiting: .seconds(2))
        let confirmation = try await host.start("confirm", ticket, "--same-session")
        #expect(try await host.waits(.seconds(5)) { Seat.confirming(1, in: folder)?.isShared == true })
        try #require(BootClock.now.inSeconds < deadline)
        try await Task.sleep(for: .seconds(deadline - BootClock.now.inSeconds + 2))
        #expect(try host.outcomes() == [.pending])
        lock.release()
        let result = try await confirmation.result()
        #expect(result.status == 0, "\(result)")
        #expect(try host.outcomes() == [.confirmed])
        #expect(try await host.open() == TestHost.sshAlone)
    }

    /// A code that is wrong, and one that comes too late, are waited for by nobody.
    @Test func whoCannotConfirmIsNotWaitedFor() async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.ssh, within: "5s").ticket
        let folder = try host.opened()
        let deadline = try #require(try folder.commitment(1)).deadline
        let lock = try await ChangeLock.acquire(in: folder, for: "a test", waiting: .seconds(2))
        #expect(ConfirmationNotice(ticket: ticket, began: .seconds(deadline), in: folder) == nil)
        #expect(ConfirmationNotice(ticket: "1-aaaa", began: .seconds(deadline - 1), in: folder) == nil)
        #expect(ConfirmationNotice(ticket: nil, began: .seconds(deadline - 1), in: folder) == nil)
        let wrong = try await host.start("confirm", "1-aaaa", "--same-session")
        try await Task.sleep(for: .seconds(deadline - BootClock.now.inSeconds + 0.1))
        let late = try await host.start("confirm", ticket, "--same-session")
        #expect(Seat.confirming(1, in: folder)?.isShared == false)
        lock.release()
        #expect(try await host.settles())
        for result in [try await wrong.result(), try await late.result()] {
            #expect(result.status == 1, "\(result)")
        }
        #expect(try host.outcomes() == [.rolledBack])
    }

    @Test func nowConfirmsByItself() async throws {
        let host = try await TestHost.make()
        let result = try await host.run("apply", try host.policy(TestHost.ssh), "--now")
        #expect(result.status == 0, "\(result)")
        #expect(result.output.hasSuffix("confirmed: generation 1 stays\n"))
        #expect(try host.outcomes() == [.confirmed])
        #expect(try await host.settles(within: .seconds(2)))
        #expect(try await host.open() == TestHost.sshAlone)
    }
}
