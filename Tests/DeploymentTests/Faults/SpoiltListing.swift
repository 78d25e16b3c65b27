import Foundation
import Kernel
import Testing

@testable import Deployment

/// From one listing of a step on, every listing that a tool gives fails, grows without an end, or never ends.
struct SpoiltListing: FaultCase, Hashable {
    var step: FaultStep
    /// The listing from which on.
    var gate: String
    var how: ToolSpies.Plan.How

    static let ways: [ToolSpies.Plan.How] = [.fail, .grow, .hang]

    var group: String { "spoilt listings" }
    var description: String { "\(group): \(step): from `\(gate)` on: \(how.rawValue)" }

    /// Every one of a step, at every listing of it.
    static func all(of step: FaultStep, _ states: FaultStates) async throws -> [SpoiltListing] {
        guard let (host, ticket) = try await step.host(states) else { return [] }
        let result = try await host.start(try step.arguments(host, ticket)).result()
        try #require(result.status == 0, "\(result)")
        _ = try await host.settles(step)
        let isGuards = step.kind == .deadline
        let gates = try host.passedGates().filter { gate in
            let isListing = ["-save ", "ipset list", "ipset save", " list "].contains { gate.contains($0) }
            return isListing && gate.hasPrefix(isGuards ? "guard" : "command")
        }
        return gates.flatMap { gate in ways.map { SpoiltListing(step: step, gate: gate, how: $0) } }
    }

    func verdict(_ states: FaultStates) async throws -> FaultVerdict? {
        guard let (host, ticket) = try await step.host(states) else { return nil }
        let before = try host.root?.tree()
        try host.spoilListings(how, at: gate)
        let running = try await host.start(try step.arguments(host, ticket))
        var result: CommandResult?
        do { result = try await running.result(within: .seconds(400)) } catch {}
        let isSettled = try await host.host.waits(.seconds(200)) { try await host.isOver(step) }
        guard host.listingsAreSpoilt else { return nil }
        try host.disarm()
        let digests = try await states.digests(step.backend)
        // What could not be seen is looked at again, by the guard and the watch.
        _ = try await host.host.waits(.seconds(150)) {
            [digests.old, digests.new].contains(try await host.host.digest())
        }
        var verdict = try await step.judge(host, digests, after: result, from: before)
        verdict.expect(result != nil, "the command does not end")
        verdict.expect(isSettled, "what works for it does not end")
        return verdict
    }
}

extension FaultHost {
    /// Whether the outcome of the step is decided: the guard may look at what it left for a while longer.
    fileprivate func isOver(_ step: FaultStep) async throws -> Bool {
        guard step.kind == .deadline else { return try await settles(step) }
        return try host.opened().undecided() == nil
    }
}
