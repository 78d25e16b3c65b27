import PacketModel

/// Sends probes through a test network and says what became of them.
package struct Laboratory: Sendable {
    /// How it is known that nothing more comes.
    package enum Silence: Hashable, Sendable {
        /// By time alone: also what is sent again much later counts.
        case awaited
        /// By frames that were sent behind the probes and found nothing before them; the window is the limit.
        case told
    }

    package let network: TestNetwork
    /// After this time without an answer a probe is silent; all probes of a batch share it.
    package var window: Duration
    package var silence: Silence

    package init(
        _ network: TestNetwork,
        window: Duration = .milliseconds(300),
        silence: Silence = .awaited
    ) {
        self.network = network
        self.window = window
        self.silence = silence
    }

    /// The most probes that are under way at once, so that descriptors and buffers suffice.
    private static let batchSize = 200

    /// Runs the probes, many at once; the outcomes stand in the order of the probes.
    ///
    /// Probes that need the same outside address on different links are run one batch after another.
    package func run(_ probes: [Probe]) async throws -> [Outcome] {
        var batches: [(places: ProbePlaces, members: [Int])] = []
        for (index, probe) in probes.enumerated() {
            let wanted = ProbePlaces(of: probe, in: network)
            let place = batches.indices.first { number in
                batches[number].members.count < Self.batchSize && batches[number].places.agree(with: wanted)
            }
            if let place {
                batches[place].places.take(wanted)
                batches[place].members.append(index)
            } else {
                batches.append((wanted, [index]))
            }
        }
        var outcomes = probes.map { _ in Outcome(.silence) }
        for (places, members) in batches {
            try await places.arrange(in: network)
            let batch = members.map { probes[$0] }
            for (member, outcome) in zip(members, try await run(batch: batch)) { outcomes[member] = outcome }
        }
        return outcomes
    }

    package func run(_ probe: Probe) async throws -> Outcome {
        try await run([probe]).first ?? Outcome(.silence)
    }

    private func run(batch: [Probe]) async throws -> [Outcome] {
        let (network, window, isTold) = (network, window, silence == .told)
        return try await OwnThread.run {
            let batch = try ProbeBatch(batch, in: network)
            return try batch.run(window: window, heralds: isTold ? try Heralds(network) : nil)
        }
    }
}
