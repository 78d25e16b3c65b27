import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// A denied service is held against what starts a connection, not against each packet.
@Suite(.needsRoot) struct DeniedServiceFacts {
    private static let policy = """
        inbound:
          - allow: udp
          - deny: udp/32768-60999
        outbound:
          - allow: [dns, ping]
        """

    @Test(arguments: IPFamily.allCases)
    func factADenyOfHighPortsHeldAgainstEachPacketEatsAnswers(_ family: IPFamily) async throws {
        let scene = try await Scene()
        let question = try scene.outbound(.udp(port: 53), to: family.foreign(9), port: 40_000)
        #expect(try await scene.observe(question) == .passed)
        try await scene.load(
            """
            chain input {
                type filter hook input priority 0
                udp dport 32768-60999 drop
                ct state established accept
            }
            """
        )
        #expect(try await scene.observe(question) == .silence)
    }

    @Test(arguments: IptablesVariant.allCases, IPFamily.allCases)
    func factItDoesSoWithIptables(_ variant: IptablesVariant, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.addRules("-A INPUT -p udp --dport 32768:60999 -j DROP", variant, family)
        let question = try scene.outbound(.udp(port: 53), to: family.foreign(9), port: 40_000)
        #expect(try await scene.observe(question) == .silence)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func ourDenyLeavesTheAnswersToTheHostsQuestions(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.policy, backend)
        let question = try scene.outbound(.udp(port: 53), to: family.foreign(9), port: 40_000)
        #expect(try await scene.observe(question) == .passed)
        #expect(try await scene.observe(try scene.outbound(.ping, to: family.foreign(9))) == .passed)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func ourDenyStopsWhatStartsAtSuchAPort(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.policy, backend)
        let probes = try [5_353, 32_767, 32_768, 40_000, 60_999, 61_000].map {
            try scene.inbound(.udp(port: $0), from: family.foreign(5))
        }
        let expected: [Observation] = [.passed, .passed, .silence, .silence, .silence, .passed]
        #expect(try await scene.observe(probes) == expected)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aConversationThatStartedWithTheDeniedServiceEnds(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let open = "inbound:\n  - allow: [tcp, udp]\noutbound:\n  - allow: [dns, tcp/53]\n"
        let scene = try await Scene()
        try await scene.apply(open, backend)
        var spoken: [(LiveConversation, maySpeak: Bool)] = []
        for transport in LiveConversation.Transport.allCases {
            let denied = try await scene.converse(transport, from: family.foreign(5), to: 40_000)
            let other = try await scene.converse(transport, from: family.foreign(5), to: 5_353)
            let own = try await scene.converse(
                transport,
                fromHostPort: 40_001,
                to: family.foreign(9),
                port: 53
            )
            spoken += [(denied, false), (other, true), (own, true)]
        }
        let deny = "  - deny: [tcp/32768-60999, udp/32768-60999]\n"
        try await scene.apply(open.replacing("outbound:", with: "\(deny)outbound:"), backend)
        for (conversation, maySpeak) in spoken {
            #expect(try await conversation.asks() == maySpeak)
            // What the host answers is no start of anything: it leaves.
            if maySpeak { #expect(try await conversation.answers()) }
        }
    }
}
