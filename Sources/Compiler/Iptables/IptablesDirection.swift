import Diagnostics
import Netfilter
import PacketModel
import Policy

/// The way of a packet through one direction, stage after stage.
extension IptablesLowering {
    mutating func addDirection(_ direction: Direction) throws(Diagnostic) {
        let lines = DirectionLines(policy, direction)
        let main = Self.prefix + direction.chainName
        let (rest, dropped) = ("\(main)-REST", "\(main)-DROP")
        chains.start(main, comment: "\(direction.rawValue): what returns from here is admitted")
        chains.add(spoofedLoopback(direction, dropped), to: main)
        addExemptions(direction, to: main, dropped)
        try addDenies(lines, direction, from: main)
        let new = "\(main)-NEW"
        let echoes = echoRules(lines, to: new)
        chains.add(echoes, to: main)
        chains.add(
            Rule([.state(.established)], [.counter], .return, comment: "baseline established"),
            to: main
        )
        addImpossibleFlags(from: main, dropped)
        chains.add(knownConnections(direction, dropped), to: main)

        chains.add(misplaced(direction, dropped), to: main)
        var chain = main
        if !echoes.isEmpty {
            chains.add(Rule([], [], .goto(new)), to: main)
            chains.start(new, comment: "what starts a connection, and each ping")
            chain = new
        }
        let translated = "\(main)-NAT"
        if asksForPorts(lines, direction) {
            chains.add(Rule([.status(.destinationNAT)], [], .goto(translated)), to: chain)
            try addNew(lines, direction, asked: .inPacket, in: chain, stem: main, rest: rest)
            chains.start(translated, comment: "sent here by NAT: the port that was asked for counts")
            try addNew(
                lines,
                direction,
                asked: .portBeforeTranslation,
                in: translated,
                stem: translated,
                rest: rest
            )
        } else {
            try addNew(lines, direction, asked: .inPacket, in: chain, stem: main, rest: rest)
        }
        addEnds(direction, rest: rest, dropped: dropped)
    }

    /// Without ports NAT changes nothing that is asked, unless it is what containers publish.
    private func asksForPorts(_ lines: DirectionLines, _ direction: Direction) -> Bool {
        let servesGuests = policy.containers?.parts.contains(.guestServices) == true
        if direction == .inbound && servesGuests || !lines.published.isEmpty { return true }
        return (lines.logged + lines.unlimited + lines.limited).contains { line in
            LineBox.boxes(of: line, owner: 0, in: family).contains(where: \.hasPorts)
        }
    }

    private mutating func addNew(
        _ lines: DirectionLines,
        _ direction: Direction,
        asked: Asked,
        in start: String,
        stem: String,
        rest: String
    ) throws(Diagnostic) {
        var chain = start
        // Main, new, translated, guests; and behind a limit: overlap, charge, log or rest, drop.
        let reserved = 4 + (lines.limited.isEmpty ? 2 : 4)
        var levels = Table.longestWayInKernel - reserved
        var logged: [StagedLine] = []
        for line in lines.logged {
            logged.append(StagedLine(line: line, verdict: admission(of: line, stem: stem)))
        }
        // Each stage leaves levels to those behind it.
        var forLogged = logged.count > Self.mostInlineRules ? 2 : 0
        levels -= forLogged
        try decide(logged, asked: asked, in: &chain, stem: stem, levels: &forLogged)
        levels += forLogged
        var unlimited = lines.unlimited
        if asked != .inPacket { unlimited += lines.published }
        let forLimited = lines.limited.count > Self.mostInlineRules ? 2 : 0
        levels -= forLimited
        try decide(
            unlimited.map { StagedLine(line: $0, verdict: .return) },
            asked: asked,
            in: &chain,
            stem: stem,
            levels: &levels
        )
        levels += forLimited
        addGuests(direction, asked: asked, in: &chain, stem: stem)
        try decideLimited(lines.limited, asked: asked, in: &chain, stem: stem, rest: rest, levels: &levels)
        chains.add(Rule([], [], .goto(rest)), to: chain)
    }

    /// Errors about connections and resets of ours pass; what cannot be placed is dropped.
    private func knownConnections(_ direction: Direction, _ dropped: String) -> [Rule] {
        var rules: [Rule] = []
        if policy.baseline.has(.icmpErrors) {
            rules.append(
                Rule(
                    [
                        .state(.related), .transportProtocol(family.icmp),
                        .field(.icmpTypeAndCode, in: ICMPKinds.errors(family).asFieldValues),
                    ],
                    [.counter],
                    .return,
                    comment: "baseline icmp-errors"
                )
            )
        }
        if direction == .outbound {
            rules.append(
                Rule(
                    [.state(.related), .transportProtocol(.tcp), .flags(.rst, of: .rst)],
                    [.counter],
                    .return,
                    comment: "baseline established: our resets"
                )
            )
        }
        if policy.baseline.has(.helpers) {
            rules.append(
                Rule(
                    [.state(.related), .status(.expected)],
                    [.counter],
                    .return,
                    comment: "baseline helpers"
                )
            )
        }
        return rules + invalid(dropped)
    }

    /// Each echo request that a limited line names is asked for anew: after the first, all of one id are one established
    /// connection.
    private func echoRules(_ lines: DirectionLines, to chain: String) -> [Rule] {
        lines.countedEchoes(family).intervals.map { types in
            let conditions: [Condition] = [
                .transportProtocol(family.icmp),
                .field(.icmpTypeAndCode, in: IntervalSet(types.asFieldValues)), .state(.established),
            ]
            return Rule(conditions, [], .goto(chain), comment: "pings are counted one by one")
        }
    }
}

extension IPFamily {
    /// The protocol of its control messages.
    var icmp: IPProtocol {
        switch self {
        case .ipv4: .icmp
        case .ipv6: .icmpv6
        }
    }
}
