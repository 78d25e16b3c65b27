import Compiler
import Glibc
import Kernel
import Synchronization
import TestSupport
import Testing

@testable import Deployment

/// Whoever kills `apply`, and whenever: afterwards the old firewall is there, whole, and everything still works.
@Suite(.needsRoot) struct KillSweepKernelTests {
    /// How a change is interrupted.
    enum Blow: CaseIterable, Sendable {
        case kill
        case killGroup
        case hangUp

        func strike(_ process: CommandProcess) {
            switch self {
            case .kill: process.signal(SIGKILL)
            case .killGroup: process.signalGroup(SIGKILL)
            case .hangUp: process.signal(SIGHUP)
            }
        }
    }

    private static let runs = 60

    /// At every time from the start to a little after the end of an apply, over a confirmed generation and over none.
    ///
    /// Most of that time the kernel and the tools are asked and nothing is changed yet, so most blows come late in it.
    @Test func aBlowAtAnyTime() async throws {
        let usual = Mutex<[Duration]>([])
        try await together(Array(0..<6)) { run in
            let host = try await TestHost.make()
            let begin = ContinuousClock.now
            let running = try await Self.start(host, BackendKind.allCases[run % 3])
            _ = try await running.process.end()
            usual.withLock { $0.append(ContinuousClock.now - begin) }
        }
        let length = usual.withLock { $0.reduce(.zero, +) / $0.count }
        let hits = Mutex<[TestHost.Phase: Int]>([:])
        try await together(Array(0..<Self.runs)) { run in
            let host = try await TestHost.make()
            let backend = BackendKind.allCases[run % 3]
            let start: String? = run / 3 % 2 == 0 ? nil : TestHost.web
            if let start { try await host.settle(start, on: backend) }
            let blow = Blow.allCases[run / 6 % 3]
            let running = try await Self.start(host, backend)
            let share = 1.1 * Double(run + 1).squareRoot() / Double(Self.runs).squareRoot()
            try await Task.sleep(for: length * share)
            blow.strike(running.process)
            let number = start == nil ? 1 : 2
            let phase = try await Self.holds(
                host,
                running,
                number,
                "\(blow) after \(share) of an apply, \(backend)"
            )
            hits.withLock { $0[phase, default: 0] += 1 }
        }
        #expect(hits.withLock { $0.count } > 2, "of \(length) the blows hit \(hits.withLock { $0 })")
    }

    /// When to strike, with what, at which backend.
    private struct Strike: Sendable {
        var blow: Blow
        var phase: TestHost.Phase
        var backend = BackendKind.nftables

        static let all: [Strike] =
            TestHost.Phase.interruptible.flatMap { phase in
                Blow.allCases.map { Strike(blow: $0, phase: phase) }
            }
            // With iptables one family has the new rules when the other has not.
            + [.iptablesNft, .iptablesLegacy].map { Strike(blow: .kill, phase: .committed, backend: $0) }
    }

    @Test func aBlowInEachPhase() async throws {
        try await together(Strike.all, atMost: 3) { strike in
            for _ in 1...40 where try await Self.hits(strike) { return }
            Issue.record("\(strike) never hit")
        }
    }

    /// Strikes as soon as the phase is seen; true when the change had not gone on meanwhile.
    private static func hits(_ strike: Strike) async throws -> Bool {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web, on: strike.backend)
        let before = try await host.digest()
        let running = try await start(host, strike.backend)
        let isHit = try await host.stops(running, when: strike.phase, of: 2, before: before)
        strike.blow.strike(running.process)
        running.process.signal(SIGCONT)
        guard isHit else { return false }
        _ = try await holds(host, running, 2, "\(strike)", before)
        return true
    }

    private static func start(_ host: TestHost, _ backend: BackendKind) async throws -> RunningCommand {
        let path = try host.policy(TestHost.ssh)
        return try await host.start("apply", path, "--backend", backend.rawValue, "--confirm-within", "5s")
    }

    /// What must be after a blow, whenever it came; returns the phase in which the change was then.
    private static func holds(
        _ host: TestHost,
        _ running: RunningCommand,
        _ number: Int,
        _ what: String,
        _ known: String? = nil
    ) async throws -> TestHost.Phase {
        let empty = FirewallListing().digest
        let before = try known ?? (number == 1 ? empty : host.opened().commitment(number - 1)?.digest ?? "")
        let phase = try await host.phase(of: number, before: before)
        _ = try await running.process.end()
        #expect(try await host.settles(), "\(what), \(phase): it does not settle")
        #expect(try await host.digest() == before, "\(what), \(phase): not the old firewall")
        let status = try await host.run("status")
        #expect(status.status == 0, "\(what), \(phase): \(status)")
        #expect(try await host.run("history").status == 0, "\(what), \(phase)")
        let next = try await host.run("apply", "\(host.folder)/policy.yaml", "--now")
        #expect(next.status == 0, "\(what), \(phase): \(next)")
        #expect(try host.outcomes().last == .confirmed, "\(what), \(phase)")
        #expect(try await host.digest() != before, "\(what), \(phase)")
        return phase
    }
}
