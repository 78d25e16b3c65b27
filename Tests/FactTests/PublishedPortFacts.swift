import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// A published port is open for what was translated, and for nothing else.
@Suite(.needsRoot) struct PublishedPortFacts {
    /// What an engine does for `-p 8080:80`.
    private static func engine(_ scene: Scene) throws -> String {
        """
        chain prerouting {
            type nat hook prerouting priority -100
            iifname "eth0" fib daddr type local tcp dport 8080 dnat ip to \(try scene.neighbour(.ipv4, "docker0")):80
            iifname "eth0" fib daddr type local tcp dport 8080 dnat ip6 to [\(try scene.neighbour(.ipv6, "docker0"))]:80
        }
        """
    }

    /// A neighbour's packet to the host's port, and others straight to the container's ports.
    private static func probes(_ scene: Scene, _ source: IPAddress) throws -> [Probe] {
        let container = try scene.neighbour(source.family, "docker0")
        return [(try scene.host(source.family), UInt16(8_080)), (container, 8_080), (container, 80)]
            .enumerated()
            .map { number, target in
                let header = WirePacket.TCPHeader(
                    source: 20_000 + UInt16(number),
                    destination: target.1,
                    flags: .syn
                )
                return .forwarded(
                    WirePacket(from: source, to: target.0, .tcp(header)),
                    on: "eth0",
                    leaving: "docker0"
                )
            }
    }

    @Test(arguments: IPFamily.allCases)
    func factWithoutTheStatusANeighbourRoutesStraightIn(_ family: IPFamily) async throws {
        for (status, straight) in [("", Observation.passed), ("ct status dnat", .silence)] {
            let scene = try await Scene(links: ["eth0", "docker0"])
            try await scene.load(
                try Self.engine(scene) + """

                    chain forward {
                        type filter hook forward priority 0; policy drop
                        oifname "docker0" \(status) meta l4proto tcp ct original proto-dst 8080 accept
                    }
                    """
            )
            let observed = try await scene.observe(try Self.probes(scene, family.foreign(5)))
            #expect(observed == [.passed, straight, .silence])
        }
    }

    private static let policy = """
        inbound:
          - deny: any
            from: [192.0.2.6, "2001:db8::6"]
        containers:
          outbound: allow
          published: [tcp/8080]
          bridges: [docker0]
        """

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func oursAdmitsWhatWasTranslatedAndNothingStraight(_ backend: BackendKind, _ family: IPFamily)
        async throws
    {
        let scene = try await Scene(links: ["eth0", "docker0"])
        try await scene.apply(Self.policy, backend)
        // A proxy of the engine may listen on the host itself.
        let proxied = try scene.inbound(.tcp(port: 8_080), from: family.foreign(5))
        #expect(try await scene.observe(proxied) == .passed)
        try await scene.load(try Self.engine(scene))
        let observed = try await scene.observe(try Self.probes(scene, family.foreign(5)))
        #expect(observed == [.passed, .silence, .silence])
        let banned = try await scene.observe(try Self.probes(scene, family.foreign(6)))
        #expect(banned == [.silence, .silence, .silence])
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aBanEndsWhatAPublishedPortHasAccepted(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene(links: ["eth0", "docker0"])
        try await scene.apply(Self.policy, backend)
        // The container answers by way of the host, for client and container live in one namespace here.
        let answersComeBack = """

            chain postrouting {
                type nat hook postrouting priority 100
                oifname "docker0" masquerade
            }
            """
        try await scene.load(try Self.engine(scene) + answersComeBack)
        try await scene.network.adopt([family.foreign(5), family.foreign(7)], on: "eth0")
        let container = try scene.neighbour(family, "docker0")
        var spoken: [LiveConversation] = []
        for (client, port) in [(family.foreign(5), UInt16(5_000)), (family.foreign(7), 5_001)] {
            spoken.append(
                try await .open(
                    .tcp,
                    from: .init(client, port: port, scene.network.outside),
                    to: .init(container, port: 80, scene.network.outside),
                    asking: SocketAddress(try scene.host(family), port: 8_080)
                )
            )
        }
        let banning = Self.policy.replacing("192.0.2.6", with: "192.0.2.5").replacing("::6", with: "::5")
        try await scene.apply(banning, backend)
        #expect(try await !spoken[0].asks())
        #expect(try await spoken[1].asks())
        #expect(try await spoken[1].answers())
    }
}
