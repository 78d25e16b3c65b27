import Diagnostics
import Netfilter
import PacketModel

/// Bans and denied services: before everything that is established.
extension IptablesLowering {
    /// Chains that can do nothing but refuse are jumped to; what they do not refuse comes back.
    mutating func addDenies(
        _ lines: DirectionLines,
        _ direction: Direction,
        from main: String
    ) throws(Diagnostic) {
        if direction == .forward { try addPublishedDenies(from: main) }
        try addDenies(
            bans: lines.bans,
            services: lines.denies,
            translated: .portBeforeTranslation,
            spared: sparedConditions(direction),
            from: main,
            entry: [],
            name: "\(main)-DENY"
        )
    }

    private mutating func addDenies(
        bans: [PolicyLine],
        services: [PolicyLine],
        translated: Asked,
        spared: [Rule],
        from main: String,
        entry: [Rule],
        name: String,
        bansAsked: Asked = .inPacket
    ) throws(Diagnostic) {
        let bans = bans.filter { !LineBox.boxes(of: $0, owner: 0, in: family).isEmpty }
        let services = services.filter { !LineBox.boxes(of: $0, owner: 0, in: family).isEmpty }
        guard !bans.isEmpty || !services.isEmpty else { return }
        chains.start(name, comment: "what is denied, established or not; the rest comes back")
        if entry.isEmpty {
            chains.add(Rule([], [], .jump(name)), to: main)
        } else {
            chains.add(entry.map { rule in Rule(rule.conditions, [], .jump(name)) }, to: main)
        }
        chains.add(spared, to: name)
        var chain = name
        // Main, this one, services, those before NAT, and a line's own leave ten: half for bans, half for
        // services.
        var (forBans, forServices, forTranslated) = (5, 5, 5)
        try decide(refused(bans, stem: name), asked: bansAsked, in: &chain, stem: name, levels: &forBans)
        guard !services.isEmpty else { return }
        // A connection is held against a denied service by the direction and the port that started it.
        let inner = "\(name)-S"
        chains.add(
            [
                Rule([.field(.connectionDirection, is: UInt8(0))], [], .jump(inner)),
                Rule([.state(.invalid, .untracked)], [], .jump(inner)),
            ],
            to: chain
        )
        chains.start(inner, comment: "denied services, by the port that started the connection")
        let staged = refused(services, stem: name)
        let changed = "\(name)-N"
        chains.add(Rule([.status(.destinationNAT)], [], .goto(changed)), to: inner)
        chain = inner
        try decide(staged, asked: .inPacket, in: &chain, stem: name, levels: &forServices)
        chains.start(changed, comment: "sent here by NAT: the port that was asked for counts")
        chain = changed
        try decide(staged, asked: translated, in: &chain, stem: name, levels: &forTranslated)
    }

    private mutating func refused(_ lines: [PolicyLine], stem: String) -> [StagedLine] {
        var result: [StagedLine] = []
        for line in lines { result.append(StagedLine(line: line, verdict: refusal(of: line, stem: stem))) }
        return result
    }

    /// What may not reach the host may not reach what its containers publish.
    private mutating func addPublishedDenies(from main: String) throws(Diagnostic) {
        guard let containers = policy.containers else { return }
        let inbound = DirectionLines(policy, .inbound)
        let toGuests = Rule([.interface(.outputInterface, matches: containers.bridges)])
        let fromGuests = Rule([.interface(.inputInterface, matches: containers.bridges)], [], .return)
        try addDenies(
            bans: inbound.bans,
            services: inbound.denies,
            translated: .beforeTranslation,
            spared: [fromGuests] + sparedConditions(.forward),
            from: main,
            entry: [toGuests],
            name: "\(main)-PUB",
            bansAsked: .beforeTranslation
        )
    }

    private mutating func sparedConditions(_ direction: Direction) -> [Rule] {
        var alternatives: [[Condition]] = []
        if let condition = spared(direction) { alternatives.append([condition]) }
        if direction == .forward, let condition = spared(.outbound) {
            // What goes to these addresses is spared as an answer to them.
            alternatives.append([.field(.connectionDirection, is: UInt8(1)), condition])
        }
        return alternatives.map { Rule($0, [], .return, comment: "management: bans spare these") }
    }

    /// The far end of the packet is an address of `management.from`; nil when there is none in this family.
    mutating func spared(_ direction: Direction) -> Condition? {
        guard let addresses = policy.management.exemptSources?[family], !addresses.isEmpty else { return nil }
        return among(addresses, direction == .outbound ? .destination : .source)
    }
}
