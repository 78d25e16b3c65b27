import Compiler
import Deployment
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// Connections that a new policy would not let begin go on under it, until they are ended.
@Suite(.needsRoot) struct StrayConnectionFacts {
    private static let open = """
        inbound: [{allow: [tcp/7000, udp/7000, tcp/22]}]
        outbound: [{allow: [tcp/7001, udp/7001]}]
        """
    private static let narrow = "inbound: [{allow: tcp/22}]"

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func theyGoOnAndEndWhenTheyAreForgotten(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.open, backend)
        let stranger = family.foreign(5)
        var strays: [LiveConversation] = []
        for transport in LiveConversation.Transport.allCases {
            strays.append(try await scene.converse(transport, from: stranger, to: 7_000))
            strays.append(
                try await scene.converse(transport, fromHostPort: 7_002, to: stranger, port: 7_001)
            )
        }
        let kept = try await scene.converse(.tcp, from: stranger, port: 5_002, to: 22)
        try await scene.apply(Self.narrow, backend)
        for stray in strays {
            #expect(try await stray.asks())
            #expect(try await stray.answers())
        }
        let policy = try Scene.policy(Self.narrow)
        let found = try await StrayConnections.read(under: policy, in: scene.network.inside)
        #expect(found.all.count == strays.count)
        #expect(try await StrayConnections.end(under: policy, in: scene.network.inside) == strays.count)
        for stray in strays {
            #expect(try await !stray.asks())
            #expect(try await !stray.answers())
        }
        #expect(try await kept.asks())
        #expect(try await kept.answers())
        #expect(try await StrayConnections.read(under: policy, in: scene.network.inside).all.isEmpty)
    }

    /// What the kernel does not keep of a connection is taken for what lets it begin.
    @Test(arguments: [
        ("inbound: [{allow: udp/7000, in: eth0}]", 0), ("inbound: [{allow: udp/7000, in: lan0}]", 0),
        ("inbound: [{allow: udp/7000, in: wan9}]", 1), ("inbound: [{allow: udp/7001}]", 1),
        ("inbound: [{allow: udp/7000, from: 198.51.100.0/24}]", 1),
        ("inbound: [{allow: udp/7000, from: 192.0.2.0/24}]", 0),
        ("inbound: [{allow: udp/7000, limit: 1/hour}]", 0),
        ("inbound: [{allow: udp/7000}, {deny: udp/7000, from: 192.0.2.5}]", 1),
        ("outbound: [{allow: any}]", 1),
    ])
    func whatMayBeAdmittedIsNoStray(_ lines: String, _ count: Int) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        try await scene.apply(Self.open, .nftables)
        #expect(try await scene.passes(scene.datagrams(1, to: 7_000, from: IPFamily.ipv4.foreign(5))) == 1)
        let policy = try Scene.policy(lines)
        let found = try await StrayConnections.read(under: policy, in: scene.network.inside)
        #expect(found.all.count == count)
    }

    @Test(arguments: IPFamily.allCases)
    func whatIsForwardedAndTranslatedIsJudgedByWhatItAskedFor(_ family: IPFamily) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        let open =
            "inbound: [{allow: udp/80}]\nforward: [{allow: udp/9}]\nnat: [{redirect: udp/80, to-port: 8080}]"
        try await scene.apply(open, .nftables)
        let packet = WirePacket(
            from: family.foreign(5),
            to: family.otherNetwork(6),
            .udp(source: 40_000, destination: 9)
        )
        let asked = try scene.inbound(.udp(port: 80, listener: 8_080), from: family.foreign(7))
        #expect(
            try await scene.observe([.forwarded(packet, on: "eth0", leaving: "lan0"), asked])
                == [.passed, .passed]
        )
        func strays(_ lines: String) async throws -> Int {
            try await StrayConnections.read(under: try Scene.policy(lines), in: scene.network.inside).all
                .count
        }
        #expect(try await strays(open) == 0)
        #expect(try await strays("inbound: [{allow: udp/80}]") == 1)
        #expect(try await strays("inbound: [{allow: udp/8080}]\nforward: [{allow: udp/9}]") == 1)
        #expect(try await strays("forward: [{allow: udp/9, in: lan0}]\ninbound: [{allow: udp}]") == 0)
    }

    @Test func connectionsWithinTheHostAreNobodysBusiness() async throws {
        let scene = try await Scene()
        try await scene.apply(Self.narrow, .nftables)
        let loopback = IPAddress(family: .ipv4, value: 0x7F00_0001)
        let within = try await LiveConversation.open(
            .tcp,
            from: .init(loopback, port: 6_000, scene.network.inside),
            to: .init(loopback, port: 6_001, scene.network.inside)
        )
        let policy = try Scene.policy(Self.narrow)
        #expect(try await StrayConnections.end(under: policy, in: scene.network.inside) == 0)
        #expect(try await within.asks())
    }
}
