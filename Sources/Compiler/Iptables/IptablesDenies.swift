import Diagnostics
import Netfilter
import PacketModel
import Policy

/// Bans and denied services: before everything that is established.
///
/// Chains that can do nothing but refuse are jumped to; what they do not refuse comes back.
extension IptablesLowering {
    mutating func addDenies(
        _ lines: DirectionLines,
        _ direction: Direction,
        from main: String
    ) throws(Diagnostic) {
        if direction == .forward { try addPublishedDenies(from: main) }
        let asked = Refused(direction: direction, bans: .inPacket, translated: .portBeforeTranslation)
        let spared = spared(direction)
        try addDenies(lines, asked, spared: spared, from: main, entry: [], name: "\(main)-DENY")
    }

    /// What may not reach the host may not reach what its containers publish: what NAT sent on to a bridge.
    private mutating func addPublishedDenies(from main: String) throws(Diagnostic) {
        guard let containers = policy.containers else { return }
        let entry: [Condition] = [
            .interface(.outputInterface, matches: containers.bridges), .status(.destinationNAT),
            Self.original,
        ]
        try addDenies(
            DirectionLines(policy, .inbound),
            Refused(direction: .forward, bans: .beforeTranslation, translated: .beforeTranslation),
            spared: spared(.inbound),
            from: main,
            entry: entry,
            name: "\(main)-PUB"
        )
    }

    /// A connection is held against a denied service by the direction and the port that started it.
    private static let original = Condition.field(.connectionDirection, is: UInt8(0))

    /// Main, this one, services, those before NAT, a line's own, and what the baseline drops (two chains) leave eight.
    private static let mostLevels = 8

    private mutating func addDenies(
        _ lines: DirectionLines,
        _ asked: Refused,
        spared: [Rule],
        from main: String,
        entry: [Condition],
        name: String
    ) throws(Diagnostic) {
        let (bans, services) = (inFamily(lines.bans), inFamily(lines.denies))
        guard !bans.isEmpty || !services.isEmpty else { return }
        chains.start(name, comment: "what is denied, established or not; the rest comes back")
        chains.add(Rule(entry, [], .jump(name)), to: main)
        // The leases that pass before everything else on their way to the host itself.
        if !entry.isEmpty { chains.add(leases(.inbound), to: name) }
        if !bans.isEmpty {
            var chain = name
            if !spared.isEmpty && !services.isEmpty {
                chain = "\(name)-B"
                chains.start(chain, comment: "bans, which spare management; denied services do not")
                chains.add(Rule([], [], .jump(chain)), to: name)
            }
            chains.add(spared, to: chain)
            var levels = Self.mostLevels / 2
            try decide(bans, asked.direction, asked.bans, in: &chain, stem: name, levels: &levels)
            if spared.isEmpty || services.isEmpty {
                try addServiceDenies(services, asked, from: chain, name: name)
                return
            }
        }
        try addServiceDenies(services, asked, from: name, name: name)
    }

    private mutating func addServiceDenies(
        _ services: [RefusalStage],
        _ asked: Refused,
        from chain: String,
        name: String
    ) throws(Diagnostic) {
        guard !services.isEmpty else { return }
        let inner = "\(name)-S"
        // What is invalid is dropped by the baseline, and in silence.
        let unknown: Condition =
            policy.baseline.has(.invalid) ? .state(.untracked) : .state(.invalid, .untracked)
        chains.add(
            [Rule([Self.original], [], .jump(inner)), Rule([unknown], [], .jump(inner))],
            to: chain
        )
        chains.start(inner, comment: "denied services, by the port that started the connection")
        chains.add(nothingStarted(by: services.flatMap(\.lines), asked.direction), to: inner)
        let changed = "\(name)-N"
        chains.add(Rule([.status(.destinationNAT)], [], .goto(changed)), to: inner)
        var (levels, place) = (Self.mostLevels / 2, inner)
        try decide(services, asked.direction, .inPacket, in: &place, stem: name, levels: &levels)
        chains.start(changed, comment: "sent here by NAT: the port that was asked for counts")
        (levels, place) = (Self.mostLevels / 2, changed)
        try decide(services, asked.direction, asked.translated, in: &place, stem: name, levels: &levels)
    }

    private mutating func decide(
        _ stages: [RefusalStage],
        _ direction: Direction,
        _ asked: Asked,
        in chain: inout String,
        stem: String,
        levels: inout Int
    ) throws(Diagnostic) {
        for stage in stages {
            var staged: [StagedLine] = []
            for line in stage.lines {
                let verdict = refusal(of: line, direction, stem: stem)
                staged.append(StagedLine(line: line, verdict: verdict))
            }
            try decide(staged, asked: asked, in: &chain, stem: stem, levels: &levels)
        }
    }

    private func inFamily(_ stages: [RefusalStage]) -> [RefusalStage] {
        RefusalStage.all(
            of: stages.flatMap(\.lines).filter { !LineBox.boxes(of: $0, owner: 0, in: family).isEmpty }
        )
    }

    /// An ICMP error and a reset of ours belong to the connection that they are about: they start no service.
    private func nothingStarted(by denies: [PolicyLine], _ direction: Direction) -> [Rule] {
        var rules: [Rule] = []
        if denies.contains(where: { $0.services.members[family.icmp] != nil }) {
            rules.append(Rule([.state(.related), .transportProtocol(family.icmp)], [], .return))
        }
        if direction == .outbound, denies.contains(where: { $0.services.members[.tcp] != nil }) {
            let isReset: [Condition] = [.transportProtocol(.tcp), .flags(.rst, of: .rst)]
            rules.append(Rule([.state(.related)] + isReset, [], .return))
        }
        return rules
    }

    /// The rules by which bans spare management: what comes from its addresses, and answers to them.
    private mutating func spared(_ direction: Direction) -> [Rule] {
        let comment = "management: bans spare these"
        switch direction {
        case .inbound:
            return spared(.source).map { [Rule([$0], [], .return, comment: comment)] } ?? []
        case .outbound:
            let isAnswer = Condition.field(.connectionDirection, is: UInt8(1))
            return spared(.destination).map { [Rule([isAnswer, $0], [], .return, comment: comment)] } ?? []
        case .forward: return []
        }
    }

    /// This end of the packet is an address of `management.from`; nil when there is none in this family.
    mutating func spared(_ field: Field) -> Condition? {
        guard let addresses = policy.management.exemptSources?[family], !addresses.isEmpty else { return nil }
        return among(addresses, field)
    }
}

/// Where denies are asked.
private struct Refused {
    /// Of the packets.
    var direction: Direction
    /// What bans look at.
    var bans: Asked
    /// What denied services look at where NAT changed the packet.
    var translated: Asked
}
