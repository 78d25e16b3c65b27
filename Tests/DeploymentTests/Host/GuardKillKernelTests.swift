import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Whoever kills the guard, and whenever: the change is taken back at its deadline, or its confirmation holds.
@Suite(.needsRoot) struct GuardKillKernelTests {
    enum Victim: CaseIterable, Sendable {
        case inner
        case outer
        case both

        func strike(_ host: TestHost) {
            // The outer one first: it would start the inner one again.
            if self != .inner { for process in host.workers(inner: false) { kill(process, SIGKILL) } }
            if self != .outer { for process in host.workers(inner: true) { kill(process, SIGKILL) } }
        }
    }

    enum Moment: CaseIterable, Sendable {
        case beforeTheCommit
        case afterTheCommit
        case justBeforeTheDeadline
        case whileItTakesBack
    }

    private struct Case: Sendable {
        var victim: Victim
        var moment: Moment
    }

    @Test func theRulesComeBackAtTheDeadline() async throws {
        let cases = Victim.allCases.flatMap { victim in
            Moment.allCases.map { Case(victim: victim, moment: $0) }
        }
        try await together(cases) { one in
            let host = try await TestHost.make()
            try await host.settle(TestHost.web)
            let before = try await host.digest()
            let path = try host.policy(TestHost.ssh)
            let running = try await host.start("apply", path, "--confirm-within", "5s")
            let isHit = try await Self.waits(host, for: one.moment, before)
            one.victim.strike(host)
            #expect(isHit, "\(one) never came")
            _ = try await running.process.end()
            let commitment = try host.opened().commitment(2)
            // The watch is the second net, and it looks every five seconds.
            #expect(try await host.settles(within: .seconds(20)), "\(one)")
            if let commitment {
                let late = BootClock.now.inSeconds - commitment.deadline
                #expect(late < 8, "\(one): \(late) s late")
            }
            #expect(try await host.digest() == before, "\(one)")
            #expect(try host.outcomes() == [.confirmed, .rolledBack], "\(one)")
            #expect(try await host.run("status").status == 0, "\(one)")
        }
    }

    private static func waits(_ host: TestHost, for moment: Moment, _ before: String) async throws -> Bool {
        switch moment {
        case .beforeTheCommit:
            return try await host.waits(.seconds(10)) {
                try await host.phase(of: 2, before: before) != .missing
                    && !host.workers(inner: true).isEmpty
            }
        case .afterTheCommit:
            return try await host.waits(.seconds(10)) {
                try await host.phase(of: 2, before: before) == .pending
            }
        case .justBeforeTheDeadline:
            return try await host.waits(.seconds(16)) {
                guard let deadline = try host.opened().commitment(2)?.deadline else { return false }
                return BootClock.now.inSeconds > deadline - 0.03
            }
        case .whileItTakesBack:
            return try await host.waits(.seconds(16)) {
                let outcome = try host.opened().outcome(2)
                return outcome == .rollingBack || outcome == .rolledBack
            }
        }
    }

    /// Neither guard nor watch is left: the next command does their work.
    @Test(arguments: [false, true])
    func withNobodyLeftTheNextCommandTakesBack(_ isOver: Bool) async throws {
        let host = try await TestHost.make()
        let ticket = try await host.apply(TestHost.ssh, within: "5s").ticket
        TestProcesses.end(mentioning: host.state)
        let status = try await host.run("status")
        #expect(status.status == 1 && status.output.contains("nothing will take it back!"), "\(status)")
        guard isOver else {
            let confirmed = try await host.confirm(ticket)
            #expect(confirmed.status == 0, "\(confirmed)")
            #expect(try await host.open() == TestHost.sshAlone)
            return
        }
        try await Task.sleep(for: .seconds(5))
        let confirmed = try await host.confirm(ticket)
        #expect(confirmed.status == 1, "\(confirmed)")
        #expect(confirmed.error.contains("note: generation 1 was taken back: nobody confirmed it in time"))
        #expect(try await host.firewall.listing().isEmpty)
    }

    @Test func aGuardThatIsToldToEndTakesBackFirst() async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh)
        for process in host.workers(inner: true) { kill(process, SIGTERM) }
        #expect(try await host.settles(within: .seconds(5)))
        #expect(try await host.firewall.listing().isEmpty)
        #expect(try host.opened().decision(1)?.reason == "the guard was told to end")
    }

    /// At any time of its run: it is confirmed for good, or the rules come back at the deadline.
    @Test func aKilledConfirmationWinsOrLosesWhole() async throws {
        try await together(Array(0..<24)) { run in
            let host = try await TestHost.make()
            let ticket = try await host.apply(TestHost.ssh, within: "5s").ticket
            let new = try await host.digest()
            let confirming = try await host.start("confirm", ticket, "--same-session")
            try await Task.sleep(for: .milliseconds(run * 4))
            confirming.process.signal(SIGKILL)
            _ = try await confirming.process.end()
            let isConfirmed = try host.outcomes() == [.confirmed]
            #expect(try await host.settles(within: .seconds(15)))
            #expect(try host.outcomes() == [isConfirmed ? .confirmed : .rolledBack])
            #expect(try await host.digest() == (isConfirmed ? new : FirewallListing().digest))
            let status = try await host.run("status")
            #expect(status.status == 0, "\(status)")
            #expect(try await host.run("history").status == 0)
        }
    }
}
