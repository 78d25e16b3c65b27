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
    @Test func aBlowAtAnyTime() async throws {
        let hits = Mutex<[TestHost.Phase: Int]>([:])
        let longest = Mutex(Duration.milliseconds(500))
        try await together(Array(0..<Self.runs)) { run in
            let host = try await TestHost.make()
            let backend = BackendKind.allCases[run % 3]
            let start: String? = run / 3 % 2 == 0 ? nil : TestHost.web
            if let start { try await host.settle(start, on: backend) }
            let blow = Blow.allCases[run / 6 % 3]
            let running = try await Self.start(host, backend)
            let share = Double(run) / Double(Self.runs)
            try await Task.sleep(for: longest.withLock { $0 } * share)
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
        print("phases hit by time: \(hits.withLock { $0 })")
    }

    /// In each phase at least once, by whoever strikes.
    @Test(arguments: Blow.allCases)
    func aBlowInEachPhase(_ blow: Blow) async throws {
        let phases: [TestHost.Phase] = [.missing, .prepared, .guarded, .committed, .pending]
        try await together(phases, atMost: 3) { phase in
            for attempt in 1...20 {
                let backend = BackendKind.allCases[attempt % 3]
                if try await Self.strike(blow, in: phase, backend) { return }
            }
            Issue.record("\(phase) was never hit")
        }
    }

    /// Strikes as soon as the phase is seen; true when the change had not gone on meanwhile.
    private static func strike(_ blow: Blow, in wanted: TestHost.Phase, _ backend: BackendKind) async throws
        -> Bool
    {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web, on: backend)
        let before = try await host.digest()
        let running = try await start(host, backend)
        let end = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end, running.process.ended() == nil {
            if try await host.phase(of: 2, before: before) == wanted { break }
        }
        running.process.signal(SIGSTOP)
        let isHit = try await running.process.ended() == nil && host.phase(of: 2, before: before) == wanted
        blow.strike(running.process)
        running.process.signal(SIGCONT)
        _ = try await holds(host, running, 2, "\(blow) when \(wanted), \(backend)", before)
        return isHit
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
