package import Kernel
import Netfilter
package import PacketModel
package import Policy

/// What a policy is tried with, and the network to do it in.
package struct TrialPlan: Sendable {
    package let policy: Policy
    let scene: WitnessScene
    let witnesses: [Witness]
    /// Addresses that the lines give to the host, and their links.
    package let links: [TestNetwork.Link]
    let meaning: TrialMeaning
    package internal(set) var cases: [TrialCase] = []
    var buckets: TrialBuckets
    /// The cases that empty a bucket, by their place: what else they share it with is known at the end.
    var floods: [Int: Flood] = [:]
    private var probeCount = 0

    /// The group that drops are logged to while a policy is tried, so that they can be read in a namespace,
    /// where the kernel's own log keeps silent.
    package static let logGroup: UInt16 = 5_354

    package init(_ written: Policy, at time: CalendarTime = .now) {
        var policy = written
        policy.log.destination = .group(Self.logGroup)
        self.policy = policy
        let finder = WitnessFinder(policy, at: time)
        let scene = finder.scene
        self.scene = scene
        witnesses = finder.witnesses().map { Self.aimed($0, policy, scene) }
        links = Self.links(policy, scene, witnesses)
        meaning = TrialMeaning(policy: policy, scene: scene, links: links, time: time)
        buckets = TrialBuckets(policy)
        // What `nat:` sends elsewhere shows nothing of the line; its own cases show it.
        for witness in witnesses where !meaning.isTranslated(witness.approach) && !witness.isOfHiddenHeader {
            add(witness)
        }
        addBaseline()
        addContainers()
        addTranslation()
        settleFloods()
    }

    /// Adds a packet that starts a connection, with what must come of it by the meaning of the policy.
    mutating func add(_ title: String, _ text: String, _ approach: Approach) {
        add(title, text, approach, by: probe(of: approach), meaning.expectation(approach))
    }

    /// The same with something else that must come of it if it passes, and sent in another way.
    mutating func add(
        _ title: String,
        _ text: String,
        _ approach: Approach,
        by probe: Probe,
        _ expectation: TrialCase.Expectation
    ) {
        guard isSound(probe) else { return }
        if case .limited(let origins) = meaning.judge(approach) {
            // Nobody knows whether an empty bucket holds a token again.
            guard buckets.take(origins, approach) else { return }
        }
        add(title, text, approach.family, probe, expectation)
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
        guard trialCase.probes.allSatisfy(isSound) else { return }
        cases.append(trialCase)
    }

    /// A number that no other probe of the plan has.
    mutating func nextNumber() -> Int {
        probeCount += 1
        return probeCount
    }

    /// A conversation, or one packet where nobody answers or a ban stops the answers.
    mutating func probe(of approach: Approach) -> Probe {
        approach.probe(number: nextNumber(), isAnswered: meaning.isAnswered(approach))
    }

    /// Whether the ends that are not the host are no addresses of it.
    private func isSound(_ probe: Probe) -> Bool {
        switch probe {
        case .inbound(let packet, _): !meaning.isOwn(packet.source)
        case .forwarded(let packet, _, _, let destination):
            !meaning.isOwn(packet.source) && !meaning.isOwn(destination ?? packet.destination)
                && packet.source != destination ?? packet.destination
        case .outbound(let packet, _, _): !meaning.isOwn(packet.destination)
        case .conversation(let conversation):
            switch conversation.direction {
            case .inbound: !meaning.isOwn(conversation.client)
            case .outbound: !meaning.isOwn(conversation.server)
            }
        }
    }

    private static func bareLinks(_ scene: WitnessScene) -> [TestNetwork.Link] {
        scene.interfaces.enumerated().map { index, name in
            TestNetwork.Link(name: name, number: UInt8(truncatingIfNeeded: index + 1))
        }
    }

    /// The host has the addresses of the scene, and those that lines ask it to have. Where the interface of an address
    /// counts, it has them where the first line asks for them.
    private static func links(
        _ policy: Policy,
        _ scene: WitnessScene,
        _ witnesses: [Witness]
    ) -> [TestNetwork.Link] {
        var links = bareLinks(scene)
        var homes: [IPAddress: Int] = [:]
        for family in IPFamily.allCases { homes[scene[family].host] = 0 }
        for approach in witnesses.map(\.approach) {
            switch approach.direction {
            case .inbound:
                let link = links.firstIndex { $0.name == approach.inputInterface } ?? 0
                let home = policy.baseline.has(.ownAddresses) ? link : 0
                if homes[approach.destination] == nil { homes[approach.destination] = home }
            case .outbound:
                if homes[approach.source] == nil { homes[approach.source] = 0 }
            case .forward: break
            }
        }
        for link in links { for end in link.inside { homes[end.address] = nil } }
        for (address, home) in homes.sorted(by: { $0.key < $1.key }) {
            links[home].inside.append(
                TestNetwork.InterfaceAddress(address, length: address.family.addressWidth)
            )
        }
        return links
    }

    /// Asks for the address of the interface by which a packet comes in, where another one is dropped.
    private static func aimed(_ witness: Witness, _ policy: Policy, _ scene: WitnessScene) -> Witness {
        let asked = witness.approach
        guard policy.baseline.has(.ownAddresses), asked.direction == .inbound,
            asked.destination == scene[asked.family].host,
            let link = bareLinks(scene).first(where: { $0.name == asked.inputInterface }),
            let address = link.insideAddress(asked.family)
        else { return witness }
        var witness = witness
        witness.approach.destination = address
        if policy.judge(witness.approach) != policy.judge(asked) { witness.approach = asked }
        return witness
    }
}

extension TrialPlan {
    /// Names a line as the table does.
    static func title(_ origin: Origin) -> String {
        "line \(origin.line): \(origin.title)"
    }

    mutating func add(_ witness: Witness) {
        let title = Self.title(witness.origin)
        let difference = witness.difference.isEmpty ? "" : "  (\(witness.difference))"
        switch witness.expectation {
        case .passes, .isStopped:
            add(title, witness.approach.text + difference, witness.approach)
        case .isLimited(let attempts, _):
            if meaning.passes(witness.approach) { addFlood(witness, attempts: attempts) }
        }
    }
}

extension TrialPlan {
    /// A host that a line may mean by its sources; nil when there is none in the family that could send.
    func source(in addresses: AddressSet?, _ family: IPFamily) -> IPAddress? {
        guard let addresses else { return scene[family].strangers[0] }
        let strangers = scene[family].strangers.filter(addresses.contains)
        let candidates = addresses[family].intervals.prefix(16).flatMap { interval in
            interval.isSingle ? [interval.lower] : [interval.lower + 1, interval.upper]
        }
        let named = candidates.map { IPAddress(family: family, value: $0) }
        return (strangers + named).first { $0.canSend && !meaning.isOwn($0) }
    }
}

extension Witness {
    /// What an AH of IPv6 is depends on the backend: iptables-legacy looks behind it (docs/policy.md, Services).
    fileprivate var isOfHiddenHeader: Bool { approach.family == .ipv6 && approach.transportProtocol == .ah }
}
