import Compiler
import Foundation
import Kernel
import Synchronization
import Testing

@testable import Deployment

/// Lets everything go wrong that can, one thing at a time, and says what became of it.
final class FaultLane: Sendable {
    private let states = FaultStates()
    private let counts = Mutex(Counts())

    private struct Counts {
        var order: [String] = []
        var tried: [String: Int] = [:]
        var lost: [String] = []
        var missed = 0
    }

    /// All that the lane knows. What another backend or way has in common with an earlier step of the same kind is there
    /// once.
    func all() async throws -> [any FaultCase] {
        var cases: [any FaultCase] = []
        var known: [FaultStep.Kind: Set<String>] = [:]
        for step in FaultStep.all {
            let faults = try await step.callFaults(states)
            let earlier = known[step.kind] ?? []
            cases += faults.filter { !earlier.contains($0.site.key) } as [any FaultCase]
            known[step.kind, default: []].formUnion(faults.map(\.site.key))
            guard ClockJump.steps.contains(step) else { continue }
            let gates = Set(faults.compactMap(\.site.gate)).sorted()
            cases += ClockJump.all(of: step, gates: gates.filter { !$0.contains("copy") }) as [any FaultCase]
        }
        for step in FaultStep.all where step.way == nil {
            cases += try await SpoiltListing.all(of: step, states) as [any FaultCase]
        }
        for situation in DamagedFile.Situation.allCases {
            cases += try await DamagedFile.all(situation, states) as [any FaultCase]
        }
        return cases
    }

    /// A few of the cases of some steps; which, the seed decides.
    func sample(_ seed: Int) async throws -> [any FaultCase] {
        func some(_ count: Int, of cases: [any FaultCase]) -> [any FaultCase] {
            guard !cases.isEmpty else { return [] }
            let stride = max(1, cases.count / count)
            return (0..<count).map { cases[(seed * 7 + $0 * stride) % cases.count] }
        }
        let ways = FaultStep.all.filter { $0.kind == .enable || $0.kind == .disable }
        var cases: [any FaultCase] = []
        for (step, count) in [
            (FaultStep(kind: .apply), 8), (FaultStep(kind: .confirm), 4), (FaultStep(kind: .rollback), 4),
            (FaultStep(kind: .boot), 4), (ways[seed % ways.count], 3),
        ] {
            cases += some(count, of: try await step.callFaults(states))
        }
        for (kind, backend) in [
            (FaultStep.Kind.apply, BackendKind.iptablesNft), (.deadline, .iptablesLegacy),
        ] {
            let step = FaultStep(kind: kind, backend: backend)
            let spoilt = try await SpoiltListing.all(of: step, states).filter { $0.how != .hang }
            cases += some(2, of: spoilt)
        }
        cases += some(3, of: try await DamagedFile.all(.atRest, states))
        let jumps = ClockJump.steps.flatMap { ClockJump.all(of: $0, gates: []) }
        return cases + some(2, of: jumps)
    }

    /// Runs the cases and lists them; the last line says how many hosts were lost.
    func run(_ cases: [any FaultCase]) async throws {
        print("\(cases.count) faults are tried")
        let processors = ProcessInfo.processInfo.activeProcessorCount
        try await together(cases.map(AnyCase.init), atMost: 3 * processors) { [self] in try await run($0.one)
        }
        let counts = counts.withLock { $0 }
        for group in counts.order { print("\(counts.tried[group] ?? 0) \(group)") }
        if counts.missed > 0 { print("\(counts.missed) did not come about, and do not count") }
        for line in counts.lost { print(line) }
        print("\(counts.tried.values.reduce(0, +)) faults, \(counts.lost.count) lost")
        #expect(counts.lost.isEmpty)
    }

    private struct AnyCase: Sendable { let one: any FaultCase }

    private func run(_ one: any FaultCase) async throws {
        var problems: [String]
        var stand = ""
        do {
            guard let verdict = try await one.verdict(states) else {
                return counts.withLock { $0.missed += 1 }
            }
            problems = verdict.problems
            stand = "\(verdict.live) is live, \(verdict.atBoot) at boot"
        } catch {
            problems = ["\(error)"]
        }
        let line =
            problems.isEmpty
            ? "ok    \(one): \(stand)" : "LOST  \(one): \(stand): \(problems.joined(separator: "; "))"
        print(line)
        counts.withLock { counts in
            if counts.tried[one.group] == nil { counts.order.append(one.group) }
            counts.tried[one.group, default: 0] += 1
            if !problems.isEmpty { counts.lost.append(line) }
        }
    }
}

extension FaultSite {
    /// The same at another backend, or by another way.
    fileprivate var key: String { "\(process) \(words)" }
}
