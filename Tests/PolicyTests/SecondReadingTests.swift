import Netfilter
import PacketModel
import Simulation
import Testing

@testable import Compiler
@testable import Policy

/// Both backends do with any packet what the document says of it: first packets, answers, what is related, broken or of no
/// connection, under policies with every key.
@Suite struct SecondReadingTests {
    private static let packets = 400

    @Test(arguments: UInt64(1)...200)
    func `compiled rules and the document agree about every packet`(seed: UInt64) throws {
        var random = RandomPolicy(seed: 1_000 + seed)
        let policy = random.policy(lines: 3 + Int(seed % 9))
        let reading = SecondReading(policy: policy)
        let rulesets = try [
            ("nftables", NftablesLowering.lower(policy)),
            ("iptables with ipset", IptablesLowering.lower(policy, usesIpset: true)),
            ("iptables alone", IptablesLowering.lower(policy, usesIpset: false)),
        ]
        let passages = (0..<Self.packets).map { _ in random.passage() }
        for (backend, ruleset) in rulesets {
            #expect(ruleset.missingChains == [], "\(backend)")
            for family in IPFamily.allCases {
                var open = Simulator(ruleset, family: family)
                open.decides = { _ in true }
                var shut = open
                shut.decides = { _ in false }
                for passage in passages where passage.family == family {
                    let answer = reading.answer(passage)
                    let observed = (Self.fate(passage, &open), Self.fate(passage, &shut))
                    #expect(observed == Self.fates(answer), "\(backend) \(answer) \(passage)")
                }
            }
        }
    }

    @Test(arguments: UInt64(1)...100)
    func `the meaning of first packets is that of the document`(seed: UInt64) {
        var random = RandomPolicy(seed: 5_000 + seed)
        let policy = random.policy(lines: 8)
        let reading = SecondReading(policy: policy)
        for _ in 0..<Self.packets {
            var passage = random.passage()
            guard passage.state == .new, passage.leadsBack, passage.isOfInterface else { continue }
            // An approach has the port that was asked for, and not that of the packet.
            if passage.transportProtocol == .udp { passage.isTranslated = false }
            if !passage.isTranslated {
                (passage.askedPort, passage.askedDestination) = (passage.member, passage.destination)
            }
            let judgement = policy.judge(passage.approach)
            switch reading.answer(passage) {
            case .passes: #expect(judgement.passes && !judgement.isLimited, "\(judgement) \(passage)")
            case .limited: #expect(judgement.isLimited, "\(judgement) \(passage)")
            case .silence, .refusal: #expect(!judgement.passes, "\(judgement) \(passage)")
            }
        }
    }

    /// What becomes of it while limits have room, and while they have none.
    private static func fates(_ answer: SecondReading.Answer) -> (Trace.Fate, Trace.Fate) {
        switch answer {
        case .passes: (.accept, .accept)
        case .silence: (.drop, .drop)
        case .refusal: (.reject, .reject)
        case .limited(let refuses): (.accept, refuses ? .reject : .drop)
        }
    }

    private static func fate(_ passage: Passage, _ simulator: inout Simulator) -> Trace.Fate {
        if passage.direction != .outbound {
            let before = simulator.run(passage.packet, at: .prerouting).fate
            if before != .accept { return before }
        }
        return simulator.run(passage.packet, at: passage.direction.hookPoint).fate
    }
}

extension Judgement {
    fileprivate var isLimited: Bool {
        if case .limited = self { true } else { false }
    }
}

extension Passage {
    fileprivate var approach: Approach {
        var approach = Approach(
            direction: direction,
            transportProtocol: transportProtocol,
            member: asked,
            source: source,
            destination: destination,
            inputInterface: input,
            outputInterface: output,
            user: user,
            isTranslated: isTranslated,
            time: time
        )
        approach.sourcePort = sourcePort
        approach.askedDestination = askedDestination
        return approach
    }
}

extension Ruleset {
    /// Those that rules lead to and that are not there: no kernel takes that.
    fileprivate var missingChains: [String] {
        tables.flatMap { table in
            let chains = Set(table.chains.map(\.name))
            let elements = (table.sets + sets).flatMap(\.attributes).compactMap(\.verdict)
            let verdicts = table.chains.flatMap(\.rules).compactMap(\.verdict) + elements
            return verdicts.flatMap(\.chains).filter { !chains.contains($0) }
        }
    }
}

extension Verdict {
    fileprivate var chains: [String] {
        switch self {
        case .jump(let chain), .goto(let chain): [chain]
        case .choice(_, let choices): choices.flatMap(\.verdict.chains)
        case .accept, .drop, .reject, .return, .lookup, .masquerade, .redirect, .destinationNAT, .translate,
            .queue,
            .unknown:
            []
        }
    }
}
