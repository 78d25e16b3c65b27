import Diagnostics
import Foundation
import Iptables
import Netfilter
import PacketModel
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
            let prediction = try Prediction(of: packets, text, family)
            try await host.load(text, family)
            try await host.send(packets)
            let outcome = try await host.outcome(family)
            for (index, packet) in packets.enumerated() {
                let passed = outcome.passed.contains(index + 1)
                guard passed != prediction.passes[index] else { continue }
                Issue.record(
                    "seed \(seed) \(family): \(packet): the kernel \(passed ? "passes" : "drops") it; \(prediction.paths[index])"
                )
            }
            let counted = try Prediction.counters(outcome.listing, family)
            for (place, count) in prediction.counts where counted[place] != count {
                Issue.record(
                    "seed \(seed) \(family): \(place): the kernel counted \(counted[place] ?? 0), not \(count); \(prediction.line(place))"
                )
            }
            compared += packets.count
        }
        print(
            "simulation \(family): \(Self.rulesets) rulesets from seed \(Self.firstSeed), \(compared) packets"
        )
    }
}
