package import Compiler
package import Kernel
import PacketModel
import Policy

/// Tries a policy in namespaces of its own. Needs root; changes nothing outside them.
package struct TrialRun: Sendable {
    package let plan: TrialPlan
    package let network: TestNetwork

    /// How long silence is waited for where nothing tells it, and how long what is being told may take.
    private static let patience = Duration.seconds(2)
    /// How long messages are waited for that must come, and how long silence is after the last one.
    private static let logPatience = Duration.seconds(1)
    private static let logPause = Duration.milliseconds(100)
    private static let retransmission = Duration.milliseconds(2_500)

    /// Makes the namespaces that the plan asks for.
    package static func prepare(_ plan: TrialPlan) async throws -> TrialRun {
        TrialRun(plan: plan, network: try await TestNetwork.make(links: plan.links))
    }

    /// Puts the policy into the inside namespace.
    package func commit(_ backend: BackendKind, usesIpset: Bool) async throws {
        let firewall = try Firewall(plan.policy, backend, usesIpset: usesIpset)
        try await HostFirewall(in: network.inside).install(firewall)
        if let engine = plan.engineTable {
            try await NftablesBackend().commit(NftablesProgram(text: engine), in: network.inside)
        }
    }

    /// Sends everything; the results stand in the order of the plan. Who waits is told how many cases are done.
    package func run(progress: (Int) -> Void = { _ in }) async throws -> [TrialResult] {
        let laboratory = Laboratory(network, window: Self.patience, silence: .told)
        var results: [Int: TrialResult] = [:]
        func take(_ result: TrialResult, of index: Int) {
            results[index] = result
            progress(results.count)
        }
        progress(0)
        // First what is logged, while nothing else has spent the limit of the log.
        let logged = plan.cases.indices.filter { plan.cases[$0].isLogged }
        if !logged.isEmpty {
            let reader = try await LogReader.open(group: TrialPlan.logGroup, in: network.inside)
            for index in logged {
                take(try await runLogged(plan.cases[index], laboratory, reader), of: index)
            }
        }
        var together = TrialRounds()
        for index in plan.cases.indices where !plan.cases[index].isAlone && !plan.cases[index].isLogged {
            together.add(index, plan.cases[index].probes)
        }
        for round in together.rounds {
            try await forgetPortless()
            let outcomes = try await laboratory.run(round.flatMap { plan.cases[$0].probes })
            var next = 0
            for index in round {
                let count = plan.cases[index].probes.count
                take(TrialResult(plan.cases[index], Array(outcomes[next..<next + count])), of: index)
                next += count
            }
        }
        for index in plan.cases.indices where plan.cases[index].isAlone {
            let start = ContinuousClock.now
            let outcomes = try await laboratory.run(plan.cases[index].probes)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            take(TrialResult(plan.cases[index], outcomes, seconds: seconds), of: index)
        }
        // On a busy machine an answer may only be late: what must come is asked for once more before it differs,
        // with time for a segment to be sent again (RFC 6298 section 2).
        let stubborn = Laboratory(network, window: Self.retransmission)
        let late = plan.cases.indices.filter {
            results[$0]?.agrees == false && plan.cases[$0].mayBeAskedAgain
        }
        let again = try await stubborn.run(late.flatMap { plan.cases[$0].probes })
        for (index, outcome) in zip(late, again) {
            take(TrialResult(plan.cases[index], [outcome]), of: index)
        }
        return plan.cases.indices.compactMap { results[$0] }
    }

    /// Forgets what the last packets of protocols without ports began.
    private func forgetPortless() async throws {
        try await NetworkNamespace.run(in: network.inside) {
            let connections = try ConnectionTracking.connections { !$0.transportProtocol.hasPorts }
            _ = try ConnectionTracking.forget(connections)
        }
    }

    private func runLogged(
        _ trialCase: TrialCase,
        _ laboratory: Laboratory,
        _ reader: LogReader
    ) async throws -> TrialResult {
        let start = ContinuousClock.now
        let outcomes = try await laboratory.run(trialCase.probes)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let prefix = plan.policy.logPrefix("\(Direction.inbound.rawValue) drop")
        // The answers to what is refused may be dropped and logged too.
        let most = 2 * trialCase.probes.count
        var own = 0
        func read(within time: Duration) async throws -> Bool {
            let messages = try await reader.messages(atMost: most, within: time)
            own += messages.count { $0.prefix == prefix && $0.packet?.family == trialCase.family }
            return !messages.isEmpty
        }
        // What must come is waited for, on a slow machine for seconds; then what comes too much.
        let end = ContinuousClock.now + Self.logPatience
        while own < trialCase.leastLogged, ContinuousClock.now < end {
            _ = try await read(within: Self.logPause)
        }
        while try await read(within: Self.logPause), ContinuousClock.now < end {}
        return TrialResult(trialCase, outcomes, messages: own, seconds: seconds)
    }
}

extension TrialCase {
    /// The case spends no limit, and something must come of it.
    fileprivate var mayBeAskedAgain: Bool {
        switch expectation {
        case .passes, .isRefused, .leaves, .arrives: true
        case .silence, .isStopped, .passing, .isLogged: false
        }
    }

    fileprivate var isLogged: Bool {
        if case .isLogged = expectation { true } else { false }
    }

    fileprivate var leastLogged: Int {
        if case .isLogged(let range) = expectation { range.lowerBound } else { 0 }
    }
}
