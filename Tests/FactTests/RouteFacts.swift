import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What the routes say may come in by an interface, and what reaches a host all the same.
@Suite(.needsRoot) struct RouteFacts {
    private func probe(
        _ scene: Scene,
        from source: IPAddress,
        to destination: IPAddress,
        on link: String = "eth0"
    )
        -> Probe
    {
        let packet = WirePacket(from: source, to: destination, .udp(source: 40_000, destination: 7_000))
        return .inbound(packet, on: link)
    }

    private static func lines(_ scene: Scene, _ family: IPFamily, _ parts: String) throws -> String {
        let (own, near) = (try scene.host(family, "lan0"), try scene.neighbour(family, "lan0"))
        return """
            baseline: {\(parts)}
            inbound:
              - allow: udp/7000
                from: ["\(near)", 198.51.100.0/24, "2001:db8:5::/48"]
                to: ["\(own)", "\(try scene.host(family))"]
            """
    }

    /// A host has the weak model of RFC 1122: an address of one interface is reached by every other one, and who is at
    /// home behind one may be forged at another.
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func theRoutesDecideWhereTheyAreAsked(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        let (outer, inner) = (try scene.host(family), try scene.host(family, "lan0"))
        let near = try scene.neighbour(family, "lan0")
        let far = family == .ipv4 ? IPAddress("198.51.100.9") : IPAddress("2001:db8:5::9")
        let stranger = try #require(far)
        func observed() async throws -> [Observation] {
            var result: [Observation] = []
            for probe in [
                // Forged: its home is behind lan0.
                probe(scene, from: near, to: outer),
                // From where the default route leads to the address of the other interface.
                probe(scene, from: stranger, to: inner),
                probe(scene, from: stranger, to: outer),
                probe(scene, from: near, to: inner, on: "lan0"),
            ] {
                result.append(try await scene.observe(probe))
            }
            return result
        }
        try await scene.apply(Self.lines(scene, family, "dhcp: true"), backend)
        #expect(try await observed() == [.passed, .passed, .passed, .passed])
        try await scene.apply(Self.lines(scene, family, "reverse-path: true"), backend)
        #expect(try await observed() == [.silence, .passed, .passed, .passed])
        try await scene.apply(Self.lines(scene, family, "own-addresses: true"), backend)
        #expect(try await observed() == [.passed, .silence, .passed, .passed])
        try await scene.apply(Self.lines(scene, family, "own-addresses: true, reverse-path: true"), backend)
        #expect(try await observed() == [.silence, .silence, .passed, .passed])
    }

    /// What keeps a host on its link, and asks by broadcast, has no route to speak of.
    @Test(arguments: BackendKind.allCases)
    func whatHasNoAddressYetPasses(_ backend: BackendKind) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        try await scene.apply(
            "baseline: {own-addresses: true, reverse-path: true}\ninbound: [{allow: [dhcp-server, mdns]}]",
            backend
        )
        let mine = try #require(scene.network.linkLocalAddress(ofInside: "lan0"))
        let theirs = try #require(scene.network.linkLocalAddress(ofOutside: "lan0"))
        let none = IPAddress(family: .ipv4, value: 0)
        let group = try #require(IPAddress("224.0.0.1"))
        let packets: [WirePacket] = [
            WirePacket(from: none, to: .broadcast, .udp(source: 68, destination: 67)),
            .neighbourSolicitation(from: theirs, to: mine, about: mine),
            WirePacket(
                from: try scene.neighbour(.ipv4, "lan0"),
                to: group,
                .udp(source: 5_353, destination: 5_353)
            ),
        ]
        let observed = try await scene.observe(packets.map { .inbound($0, on: "lan0") })
        #expect(observed == packets.map { _ in .passed })
    }

    /// Answers come back by whatever way they like.
    @Test(arguments: BackendKind.allCases)
    func whatIsEstablishedIsNotAsked(_ backend: BackendKind) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        try await scene.apply(
            "baseline: {own-addresses: true, reverse-path: true}\ninbound: [{allow: tcp/7000}]\noutbound: [{allow: tcp/7001}]",
            backend
        )
        let theirs = try await scene.converse(.tcp, from: IPFamily.ipv4.foreign(5), to: 7_000)
        let ours = try await scene.converse(
            .tcp,
            fromHostPort: 7_002,
            to: IPFamily.ipv4.foreign(6),
            port: 7_001
        )
        for conversation in [theirs, ours] {
            #expect(try await conversation.asks())
            #expect(try await conversation.answers())
        }
    }
}
