package import Kernel
import PacketModel
import Policy

/// Tries a policy in namespaces of its own. Needs root; changes nothing outside them.
package struct TrialRun: Sendable {
    package let plan: TrialPlan
    package let network: TestNetwork
    /// How long silence is waited for.
    package var window: Duration = .milliseconds(300)

    /// For what takes many packets.
    private static let longWindow = Duration.milliseconds(500)
    /// How long messages are waited for that must come, and how long silence is after the last one.
    private static let logPatience = Duration.seconds(10)
    private static let logPause = Duration.milliseconds(100)
    private static let retransmission = Duration.milliseconds(2_500)

    /// Makes the namespaces that the plan asks for.
    package static func prepare(_ plan: TrialPlan) async throws -> TrialRun {
        let network = try await TestNetwork.make(links: plan.links)
        for route in plan.routes { try await network.route([route.address], by: route.link) }
        return TrialRun(plan: plan, network: network)
    }

    /// Puts the policy into the inside namespace.
    package func commit(_ backend: BackendKind, usesIpset: Bool) async throws {
        let firewall = try Firewall(plan.policy, backend, usesIpset: usesIpset)
        try await HostFirewall(in: network.inside).install(firewall)
        if let engine = plan.engineTable {
            try await NftablesBackend().commit(NftablesProgram(text: engine), in: network.inside)
        }
    }

    /// Sends everything; the results stand in the order of the plan.
    package func run() async throws -> [TrialResult] {
        let laboratory = Laboratory(network, window: window)
        var results: [Int: TrialResult] = [:]
        // First what is logged, while nothing else has spent the limit of the log.
        let logged = plan.cases.indices.filter { plan.cases[$0].isLogged }
        if !logged.isEmpty {
            let reader = try await LogReader.open(group: TrialPlan.logGroup, in: network.inside)
            for index in logged {
                results[index] = try await runLogged(plan.cases[index], laboratory, reader)
            }
        }
        let together = plan.cases.indices.filter { !plan.cases[$0].isAlone && !plan.cases[$0].isLogged }
        let outcomes = try await laboratory.run(together.flatMap { plan.cases[$0].probes })
        var next = 0
        for index in together {
            let count = plan.cases[index].probes.count
            results[index] = TrialResult(plan.cases[index], Array(outcomes[next..<next + count]))
            next += count
        }
        let patient = Laboratory(network, window: max(window, Self.longWindow))
        for index in plan.cases.indices where plan.cases[index].isAlone {
            results[index] = TrialResult(plan.cases[index], try await patient.run(plan.cases[index].probes))
        }
        // On a busy machine an answer may only be late: what must come is asked for once more before it differs,
        // with time for a segment to be sent again (RFC 6298 section 2).
        let stubborn = Laboratory(network, window: Self.retransmission)
        for index in plan.cases.indices
        where results[index]?.agrees == false && plan.cases[index].mayBeAskedAgain {
            results[index] = TrialResult(plan.cases[index], try await stubborn.run(plan.cases[index].probes))
        }
        return plan.cases.indices.compactMap { results[$0] }
    }

    private func runLogged(
        _ trialCase: TrialCase,
        _ laboratory: Laboratory,
        _ reader: LogReader
    ) async throws -> TrialResult {
        let outcomes = try await laboratory.run(trialCase.probes)
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
        return TrialResult(trialCase, outcomes, messages: own)
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
