import Foundation
import Kernel
import Testing

@testable import Deployment

/// The clock of the machine is set, by an hour, in the middle of a step.
struct ClockJump: FaultCase, Hashable {
    var step: FaultStep
    /// The run of a tool at which it is set; nil for before the step.
    var gate: String?
    var seconds: Int

    var group: String { "a clock that jumps" }
    var description: String {
        "\(group): \(step): \(gate.map { "at `\($0)`" } ?? "at its start"): \(seconds > 0 ? "+" : "-")1 h"
    }

    static let steps: [FaultStep] = [.apply, .deadline, .confirm, .rollback, .rollbackTo, .boot].map {
        FaultStep(kind: $0)
    }

    static func all(of step: FaultStep, gates: [String]) -> [ClockJump] {
        ([nil] + gates).flatMap { gate in
            [3_600, -3_600].map { ClockJump(step: step, gate: gate, seconds: $0) }
        }
    }

    func verdict(_ states: FaultStates) async throws -> FaultVerdict? {
        guard let (host, ticket) = try await step.host(states, withClock: true) else { return nil }
        try host.setClock(seconds, at: gate)
        let running = try await host.start(try step.arguments(host, ticket))
        let result = try await running.result()
        let isSettled = try await host.settles(step)
        guard try host.clockIsSet(seconds) else { return nil }
        var verdict = try await step.judge(
            host,
            try await states.digests(step.backend),
            after: result,
            from: nil
        )
        verdict.expect(result.status == 0, "\(result)")
        verdict.expect(isSettled, "what works for it does not end")
        return verdict
    }
}
