import Foundation
import Kernel
import Testing

@testable import Deployment

/// A step is disturbed at one system call.
struct CallFault: FaultCase, Hashable {
    var step: FaultStep
    var site: FaultSite
    var fault: FaultSite.Fault

    var group: String { "\(step)" }

    var description: String {
        let gate = site.how == .on ? nil : site.gate.map { " after `\($0)`" }
        return "\(step): \(site.process)\(gate ?? ""): \(site.words), call \(site.number): \(fault.title)"
    }

    func verdict(_ states: FaultStates) async throws -> FaultVerdict? {
        guard let (host, ticket) = try await step.host(states) else { return nil }
        let before = try host.root?.tree()
        let arguments = try step.arguments(host, ticket)
        let running = try await host.run(arguments, disturbedAt: site, by: fault)
        var result: CommandResult?
        do { result = try await running.result(within: .seconds(60)) } catch {}
        let isSettled = try await host.settles(step)
        guard host.disturbed(site) == site.words else { return nil }
        try host.disarm()
        var verdict = try await step.judge(
            host,
            try await states.digests(step.backend),
            after: result,
            from: before
        )
        verdict.expect(result != nil, "the command does not end")
        verdict.expect(isSettled, "what works for it does not end")
        return verdict
    }
}

extension FaultStep {
    /// Every call of the step that can be disturbed, in every way.
    func callFaults(_ states: FaultStates) async throws -> [CallFault] {
        guard let (host, ticket) = try await host(states) else { return [] }
        var log = try await host.trace(try arguments(host, ticket)) {
            if kind == .deadline { _ = try await host.host.settles() }
            TestProcesses.end(in: host.host.network.inside)
        }
        log.calls = log.calls.filter { concerns($0.process) }
        return FaultSites(log, on: host).sites.enumerated().flatMap { index, site in
            site.faults(number: index).map { CallFault(step: self, site: site, fault: $0) }
        }
    }
}

extension FaultHost {
    /// Waits until nobody works any more: what is undecided waits itself, or was left before anybody guarded it.
    func settles(_ step: FaultStep) async throws -> Bool {
        if step.kind == .deadline { return try await host.settles(within: .seconds(25)) }
        return try await host.waits(.seconds(20)) {
            guard let folder = try StateFolder.existing(at: host.view) else { return true }
            if ChangeLock.isHeld(in: folder) { return false }
            guard let number = try folder.undecided() else { return true }
            if folder.outcome(number) == .pending, try folder.commitment(number) != nil { return true }
            return !host.isGuarded(number)
        }
    }
}
