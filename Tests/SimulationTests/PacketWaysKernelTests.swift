import Diagnostics
import Foundation
import Iptables
import Netfilter
import PacketModel
import Simulation
import TestSupport
import Testing

/// The simulator and the kernel say the same of every packet, and count the same at every rule.
@Suite(.needsRoot, .serialized) struct PacketWaysKernelTests {
    /// `WALLWRIGHT_RULESETS` for more than the usual number.
    private static let rulesets =
        ProcessInfo.processInfo.environment["WALLWRIGHT_RULESETS"].flatMap { Int($0) } ?? 100
    private static let firstSeed =
        ProcessInfo.processInfo.environment["WALLWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
    private static let packets = 200

    @Test(arguments: IPFamily.allCases)
    func `verdicts and counters are those of the kernel`(family: IPFamily) async throws {
        let host = try await SimulatedHost()
        var compared = 0
        for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.rulesets) {
            var random = RandomRules(seed: seed, family)
            let text = random.file()
            let packets = random.packets(Self.packets)
            let (prediction, outcome) = try await Self.run(packets, text, family, on: host)
            try Self.compare(packets, prediction, outcome, "seed \(seed) \(family)")
            compared += packets.count
        }
        print(
            "simulation \(family): \(Self.rulesets) rulesets from seed \(Self.firstSeed), \(compared) packets"
        )
    }

    @Test(arguments: IPFamily.allCases)
    func `sets of ipset hold what the kernel finds in them`(family: IPFamily) async throws {
        let host = try await SimulatedHost()
        for seed in Self.firstSeed..<Self.firstSeed + UInt64(max(Self.rulesets / 5, 1)) {
            var random = RandomIpsets(seed: seed, family)
            let text = random.rules()
            var generator = RandomRules(seed: seed, family)
            let packets = generator.packets(Self.packets)
            var prediction = try Prediction(text, family, sets: random.sets)
            for packet in packets { prediction.run(packet) }
            try await host.load(text, family, sets: random.sets)
            try await host.send(packets)
            let outcome = try await host.outcome(family)
            try Self.compare(packets, prediction, outcome, "sets of seed \(seed) \(family)")
        }
    }

    /// Seldom among random rules.
    @Test(arguments: IPFamily.allCases)
    func `a packet is untracked from the rule on that says so`(family: IPFamily) async throws {
        let host = try await SimulatedHost()
        var text = "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
        for chain in ["PREROUTING", "OUTPUT"] {
            for rule in [
                "-m conntrack --ctstate INVALID", "-p udp -j NOTRACK", "-m conntrack --ctstate INVALID",
                "-m conntrack --ctstate UNTRACKED", "-m conntrack --ctstate INVALID --ctproto 6",
                "-j NOTRACK",
                "-m state ! --state UNTRACKED",
            ] {
                text += "-A \(chain) \(rule)\n"
            }
        }
        text += "COMMIT\n"
        var random = RandomRules(seed: 1, family)
        let packets = random.packets(Self.packets)
        let (prediction, outcome) = try await Self.run(packets, text, family, on: host)
        try Self.compare(packets, prediction, outcome, "untracked \(family)")
    }

    private static func compare(
        _ packets: [TestPacket],
        _ prediction: Prediction,
        _ outcome: SimulatedHost.Outcome,
        _ name: String
    ) throws {
        for (index, packet) in packets.enumerated() {
            let passed = outcome.passed.contains(index + 1)
            guard passed != prediction.passes[index] else { continue }
            Issue.record(
                "\(name): \(packet): the kernel \(passed ? "passes" : "drops") it; \(prediction.paths[index])"
            )
        }
        let counted = try Prediction.counters(outcome.listing, prediction.family)
        for (place, count) in prediction.counts where counted[place] != count {
            Issue.record(
                "\(name): \(place): the kernel counted \(counted[place] ?? 0), not \(count); \(prediction.line(place))"
            )
        }
    }

    /// Within one minute of the clock, on which all times of the rules begin and end.
    private static func run(
        _ packets: [TestPacket],
        _ text: String,
        _ family: IPFamily,
        on host: SimulatedHost,
        attempts: Int = 3
    ) async throws -> (Prediction, SimulatedHost.Outcome) {
        let time = CalendarTime.now
        var prediction = try Prediction(text, family)
        (prediction.simulator.time, prediction.simulator.isDated) = (time.seconds * 1_000_000_000, true)
        for packet in packets { prediction.run(packet) }
        try await host.load(text, family)
        try await host.send(packets)
        if CalendarTime.now.seconds / 60 != time.seconds / 60, attempts > 1 {
            return try await run(packets, text, family, on: host, attempts: attempts - 1)
        }
        return (prediction, try await host.outcome(family))
    }
}
