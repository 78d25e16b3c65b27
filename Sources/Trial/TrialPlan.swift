package import Kernel
import Netfilter
import PacketModel
package import Policy

/// What a policy is tried with, and the network to do it in.
package struct TrialPlan: Sendable {
    package let policy: Policy
    let scene: WitnessScene
    let witnesses: [Witness]
    /// Addresses that the lines give to the host, and their links.
    package let links: [TestNetwork.Link]
    package private(set) var cases: [TrialCase] = []
    /// Where addresses are found that no packet of the plan names.
    var routes: [TrialRoute] = []
    private var probeCount = 0

    /// The group that drops are logged to while a policy is tried, so that they can be read in a namespace,
    /// where the kernel's own log keeps silent.
    package static let logGroup: UInt16 = 5_354

    package init(_ written: Policy) {
        var policy = written
        policy.log.destination = .group(Self.logGroup)
        self.policy = policy
        let finder = WitnessFinder(policy)
        scene = finder.scene
        witnesses = finder.witnesses()
        links = Self.links(scene, witnesses)
        // What `nat:` sends elsewhere shows nothing of the line; its own cases show it.
        for witness in witnesses where !isTranslated(witness.approach) { add(witness) }
        addBaseline()
        addContainers()
        addTranslation()
    }

    mutating func add(
        _ title: String,
        _ sent: String,
        _ family: IPFamily,
        _ probe: Probe,
        _ expectation: TrialCase.Expectation
    ) {
        add(TrialCase(title: title, sent: sent, family: family, probes: [probe], expectation: expectation))
    }

    mutating func add(_ trialCase: TrialCase) {
        cases.append(trialCase)
    }

    /// A number that no other probe of the plan has.
    mutating func nextNumber() -> Int {
        probeCount += 1
        return probeCount
    }

    /// The host has the addresses of the scene, and those that lines ask it to have.
    private static func links(_ scene: WitnessScene, _ witnesses: [Witness]) -> [TestNetwork.Link] {
        var links = scene.interfaces.enumerated().map { index, name in
            TestNetwork.Link(name: name, number: UInt8(truncatingIfNeeded: index + 1))
        }
        var own = Set(IPFamily.allCases.map { scene[$0].host })
        for witness in witnesses {
            switch witness.approach.direction {
            case .inbound: own.insert(witness.approach.destination)
            case .outbound: own.insert(witness.approach.source)
            case .forward: break
            }
        }
        links[0].inside += own.sorted().map {
            TestNetwork.InterfaceAddress($0, length: $0.family.addressWidth)
        }
        return links
    }
}

extension TrialPlan {
    /// Names a line as the table does.
    static func title(_ origin: Origin) -> String {
        "line \(origin.line): \(origin.title)"
    }

    /// How a packet that is not admitted is met.
    func stopped(_ approach: Approach) -> TrialCase.Expectation {
        // The sender on the host itself learns of a drop in other ways than one outside.
        if approach.direction == .outbound { return .isStopped }
        switch policy.judge(approach) {
        case .banned(let origin), .denied(let origin):
            let rejects = policy.lines.contains { $0.origin == origin && $0.rejects }
            return rejects ? .isRefused : .silence
        case .dropped: return .silence
        case .rest: return policy.rest[approach.direction] == .reject ? .isRefused : .silence
        case .baseline, .containers, .admitted, .limited: return .passes
        }
    }

    mutating func add(_ witness: Witness) {
        let title = Self.title(witness.origin)
        let difference = witness.difference.isEmpty ? "" : "  (\(witness.difference))"
        let text = witness.approach.text + difference
        let family = witness.approach.family
        switch witness.expectation {
        case .passes:
            add(title, text, family, witness.approach.probe(number: nextNumber()), .passes)
        case .isStopped:
            add(title, text, family, witness.approach.probe(number: nextNumber()), stopped(witness.approach))
        case .isLimited(let attempts, let passing):
            addLimited(witness, attempts: attempts, passing: passing)
        }
    }

    private mutating func addLimited(_ witness: Witness, attempts: Int, passing: Int) {
        // A bucket is full once: services that share it are tried by the first of them.
        let title = Self.title(witness.origin)
        let family = witness.approach.family
        let isTried = cases.contains { $0.title == title && $0.family == family && $0.isAlone }
        guard !isTried, let line = policy.lines.first(where: { $0.origin == witness.origin }),
            let limit = line.limit
        else { return }
        let refill = Double(limit.rate.count) / Double(limit.rate.unit.seconds) * Self.longestBatch
        let probes = (0..<attempts).map { _ in witness.approach.probe(number: nextNumber()) }
        add(
            TrialCase(
                title: title,
                sent: "\(attempts) x \(witness.approach.text)",
                family: family,
                probes: probes,
                expectation: .passing(passing...min(attempts, passing + Int(refill))),
                isAlone: true
            )
        )
        var other = witness.approach
        let isBySource = if case .source = limit.key { true } else { false }
        guard isBySource, line.direction == .inbound,
            let stranger = otherSource(than: witness.approach, in: line)
        else { return }
        other.source = stranger
        add(
            TrialCase(
                title: title,
                sent: other.text + "  (other source)",
                family: family,
                probes: [other.probe(number: nextNumber())],
                expectation: .passes,
                isAlone: true
            )
        )
    }

    /// A source that the line admits too and that has a bucket of its own.
    private func otherSource(than approach: Approach, in line: PolicyLine) -> IPAddress? {
        scene[approach.family].strangers.first { stranger in
            var other = approach
            other.source = stranger
            let shift = UInt128(approach.family == .ipv6 ? 64 : 0)
            guard stranger.value >> shift != approach.source.value >> shift else { return false }
            if case .limited(let origins) = policy.judge(other) { return origins == [line.origin] }
            return false
        }
    }

    /// The time in which a batch of probes is sent and judged, in seconds.
    static let longestBatch = 0.5
}
