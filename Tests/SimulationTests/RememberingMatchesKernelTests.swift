import Iptables
import Netfilter
import PacketModel
import Simulation
import TestSupport
import Testing

@testable import Kernel

/// Matches that keep state, in sequences of packets and real time: as the kernel has it.
@Suite(.needsRoot) struct RememberingMatchesKernelTests {
    /// So many packets from a source, after a pause in milliseconds.
    struct Burst: Sendable {
        var pause: Int
        var count: Int
        var source: Int

        init(_ count: Int, after pause: Int = 0, from source: Int = 0) {
            (self.pause, self.count, self.source) = (pause, count, source)
        }
    }

    struct Sequence: Sendable {
        /// After `-A INPUT -p udp`.
        var rules: [String]
        var bursts: [Burst]

        init(_ rules: String..., bursts: Burst...) {
            (self.rules, self.bursts) = (rules, bursts)
        }
    }

    /// Pauses end at least 50 milliseconds from where an answer changes.
    static let sequences = [
        Sequence(
            "-m limit --limit 2/sec --limit-burst 3 -j ACCEPT",
            bursts: Burst(5),
            Burst(2, after: 750),
            Burst(3, after: 1_250)
        ),
        Sequence(
            "-m limit --limit 60/min --limit-burst 1 -j ACCEPT",
            bursts: Burst(2),
            Burst(2, after: 1_200)
        ),
        Sequence(
            "-m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name a -j ACCEPT",
            bursts: Burst(4),
            Burst(3, from: 1),
            Burst(3, after: 700),
            Burst(1, from: 1)
        ),
        Sequence(
            "-m hashlimit --hashlimit-above 2/sec --hashlimit-burst 3 --hashlimit-mode srcip,dstport --hashlimit-name b -j DROP",
            "-j ACCEPT",
            bursts: Burst(5),
            Burst(2, after: 1_250)
        ),
        Sequence(
            "-m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name c -j ACCEPT",
            bursts: Burst(2),
            Burst(2, from: 2)
        ),
        Sequence(
            "-m recent --name d --update --seconds 1 --hitcount 3 -j DROP",
            "-m recent --name d --set -j ACCEPT",
            bursts: Burst(5),
            Burst(2, from: 1),
            Burst(2, after: 1_200),
            Burst(1, after: 400)
        ),
        Sequence(
            "-m recent --name e --rcheck --seconds 1 -j DROP",
            "-m recent --name e --set -j ACCEPT",
            bursts: Burst(2),
            Burst(1, after: 600),
            Burst(2, after: 600)
        ),
        Sequence(
            "-m recent --name f --rcheck --hitcount 2 --rttl -j DROP",
            "-m recent --name f --remove -j ACCEPT",
            "-m recent --name f --set -j ACCEPT",
            bursts: Burst(5)
        ),
        Sequence(
            "-m recent --name g --update --seconds 1 --reap -j DROP",
            "-m recent --name g --set -j ACCEPT",
            bursts: Burst(1),
            Burst(1, from: 1),
            Burst(1, after: 1_200, from: 2),
            Burst(2, from: 2),
            Burst(1)
        ),
        Sequence(
            "-m connlimit --connlimit-above 2 -j DROP",
            "-j ACCEPT",
            bursts: Burst(4),
            Burst(3, from: 1)
        ),
        Sequence(
            "-m connlimit --connlimit-upto 3 --connlimit-mask 24 -j ACCEPT",
            bursts: Burst(2),
            Burst(3, from: 1)
        ),
        Sequence(
            "-m connlimit --connlimit-above 1 --connlimit-daddr -j DROP",
            "-j ACCEPT",
            bursts: Burst(3, from: 3)
        ),
        Sequence("-m quota --quota 100 -j ACCEPT", bursts: Burst(5)),
        Sequence("-m statistic --mode nth --every 3 --packet 0 -j ACCEPT", bursts: Burst(8)),
        Sequence("-m statistic --mode nth --every 4 --packet 2 -j ACCEPT", bursts: Burst(9)),
        Sequence("-m statistic --mode nth ! --every 3 --packet 1 -j ACCEPT", bursts: Burst(7)),
    ]

    @Test func `the same packets pass and the same rules count`() async throws {
        // Most of the time is waiting.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sequence in Self.sequences { group.addTask { try await Self.compare(sequence) } }
            try await group.waitForAll()
        }
    }

    private static func compare(_ sequence: Sequence) async throws {
        let host = try await SimulatedHost()
        let family = IPFamily.ipv4
        let rules = sequence.rules.map { "-A INPUT -p udp \($0)\n" }.joined()
        let text = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n\(rules)COMMIT\n"
        var prediction = try Prediction(text, family)
        try await host.load(text, family)
        let start = ContinuousClock.now
        var sent = 0
        for burst in sequence.bursts {
            try await Task.sleep(for: .milliseconds(burst.pause))
            prediction.simulator.time = (ContinuousClock.now - start).nanoseconds
            let packets = (0..<burst.count).map { packet(sent + $0, burst.source) }
            for packet in packets { prediction.run(packet) }
            try await host.send(packets, first: sent + 1)
            sent += burst.count
        }
        let outcome = try await host.outcome(family)
        let passed = (1...sent).map(outcome.passed.contains)
        #expect(passed == prediction.passes, "\(sequence.rules) \(prediction.paths)")
        let counted = try Prediction.counters(outcome.listing, family)
        for (place, count) in prediction.counts {
            #expect(counted[place] == count, "\(sequence.rules) \(place)")
        }
    }

    private static func packet(_ number: Int, _ source: Int) -> TestPacket {
        TestPacket(
            family: .ipv4,
            input: 0,
            isForwarded: false,
            source: TestAddresses.foreign(.ipv4)[source],
            destination: TestAddresses.own(.ipv4)[0],
            transport: .udp(source: UInt16(20_000 + number), destination: 53),
            payload: 2,
            hopLimit: 64,
            trafficClass: 0,
            neighbour: SimulatedHost.neighbours[0],
            isBroadcast: false
        )
    }
}

extension Duration {
    fileprivate var nanoseconds: UInt64 {
        UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
    }
}
