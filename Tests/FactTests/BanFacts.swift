import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// A ban holds for what is established; what keeps a host on its link comes before it.
@Suite(.needsRoot) struct BanFacts {
    private static let open = """
        inbound:
          - allow: [tcp/7000, udp/7000]
        outbound:
          - allow: [tcp/7001, udp/7001]
        """

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aBanEndsWhatIsEstablished(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.open, backend)
        let (banned, good) = (family.foreign(5), family.foreign(6))
        var spoken: [(LiveConversation, mayAsk: Bool, mayAnswer: Bool)] = []
        for transport in LiveConversation.Transport.allCases {
            let theirs = try await scene.converse(transport, from: banned, to: 7_000)
            let others = try await scene.converse(transport, from: good, port: 5_001, to: 7_000)
            let ours = try await scene.converse(transport, fromHostPort: 7_002, to: banned, port: 7_001)
            // A ban of inbound stops what comes; what leaves is a matter of outbound.
            spoken += [(theirs, false, true), (others, true, true), (ours, true, false)]
        }
        let ban = "  - deny: any\n    from: [192.0.2.5, \"2001:db8::5\"]\n"
        try await scene.apply(Self.open.replacing("outbound:", with: "\(ban)outbound:"), backend)
        for (conversation, mayAsk, mayAnswer) in spoken {
            #expect(try await conversation.answers() == mayAnswer)
            #expect(try await conversation.asks() == mayAsk)
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func anOutboundBanEndsWhatIsEstablished(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.open, backend)
        let banned = family.foreign(5)
        let theirs = try await scene.converse(.udp, from: banned, to: 7_000)
        let ours = try await scene.converse(.tcp, fromHostPort: 7_002, to: banned, port: 7_001)
        try await scene.apply(
            Self.open + "\n  - deny: any\n    to: [192.0.2.5, \"2001:db8::5\"]\n",
            backend
        )
        #expect(try await !theirs.answers())
        #expect(try await theirs.asks())
        #expect(try await !ours.asks())
    }

    private static let bogons = """
        sets:
          bogons: ["fe80::/10", "::/0", 0.0.0.0/8, 127.0.0.0/8, 10.0.0.0/8, 224.0.0.0/4, 255.255.255.255]
        inbound:
          - allow: tcp/7000
          - deny: any
            from: bogons
        outbound:
          - allow: tcp/7001
          - deny: any
            to: bogons
        """

    @Test(arguments: BackendKind.allCases)
    func whatKeepsAHostOnItsLinkSurvivesABanOfBogons(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.bogons, backend)
        let mine = try #require(scene.network.linkLocalAddress(ofInside: "eth0"))
        let theirs = try #require(scene.network.linkLocalAddress(ofOutside: "eth0"))
        let server = try #require(IPAddress("10.0.0.1"))
        let inbound: [WirePacket] = [
            .neighbourSolicitation(from: theirs, to: mine, about: mine),
            .neighbourAdvertisement(from: theirs, to: mine, about: theirs),
            .routerAdvertisement(from: theirs),
            .routerSolicitation(from: theirs),
            .listenerQuery(from: theirs),
            WirePacket(from: theirs, to: mine, .udp(source: 547, destination: 546)),
            WirePacket(from: server, to: .broadcast, .udp(source: 67, destination: 68)),
            WirePacket(from: server, to: try scene.host(.ipv4), .udp(source: 67, destination: 68)),
        ]
        let group = try #require(IPAddress("ff02::16"))
        let relays = try #require(IPAddress("ff02::1:2"))
        let outbound: [WirePacket] = [
            .neighbourSolicitation(from: mine, to: theirs, about: theirs),
            .neighbourAdvertisement(from: mine, to: .allNodes, about: mine),
            .routerSolicitation(from: mine),
            WirePacket(from: mine, to: group, .icmp(type: 143, code: 0, rest: 0), hopLimit: 1),
            WirePacket(from: mine, to: relays, .udp(source: 546, destination: 547)),
            WirePacket(from: try scene.host(.ipv4), to: .broadcast, .udp(source: 68, destination: 67)),
        ]
        let probes =
            inbound.map { Probe.inbound($0, on: "eth0") } + outbound.map { Probe.outbound($0, on: "eth0") }
        let observed = try await scene.observe(probes)
        for (packet, observation) in zip(inbound + outbound, observed) {
            #expect(observation == .passed, "\(packet)")
        }
    }

    @Test(arguments: BackendKind.allCases)
    func loopbackSurvivesABanOfBogonsAndTheBanHolds(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.bogons, backend)
        for loopback in [IPAddress("127.0.0.1"), IPAddress("::1")] {
            let address = try #require(loopback)
            for transport in LiveConversation.Transport.allCases {
                _ = try await LiveConversation.open(
                    transport,
                    from: .init(address, port: 6_000, scene.network.inside),
                    to: .init(address, port: 6_001, scene.network.inside)
                )
            }
        }
        let (ten, six) = (try #require(IPAddress("10.0.0.7")), IPFamily.ipv6.foreign(5))
        let probes = try [ten, six, IPFamily.ipv4.foreign(5)].map {
            try scene.inbound(.tcp(port: 7_000), from: $0)
        }
        #expect(try await scene.observe(probes) == [.silence, .silence, .passed])
    }
}
