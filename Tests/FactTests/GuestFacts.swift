import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What `containers:` lets pass, and what denies of inbound hold for, on the kernel.
@Suite(.needsRoot) struct GuestFacts {
    private static let networks = ["eth0", "docker0", "br-a"]

    /// What an engine does for `-p 8080:80`, from wherever it is asked.
    private static func publish(_ scene: Scene) async throws {
        try await scene.load(
            """
            chain prerouting {
                type nat hook prerouting priority -100
                fib daddr type local tcp dport 8080 dnat ip to \(try scene.neighbour(.ipv4, "docker0")):80
                fib daddr type local tcp dport 8080 dnat ip6 to [\(try scene.neighbour(.ipv6, "docker0"))]:80
            }
            """
        )
    }

    private static func ask(_ scene: Scene, from source: IPAddress, on link: String, port: UInt16) throws
        -> Probe
    {
        let header = WirePacket.TCPHeader(source: 20_000, destination: port, flags: .syn)
        let target =
            port == 8_080 ? try scene.host(source.family) : try scene.neighbour(source.family, "docker0")
        return .forwarded(WirePacket(from: source, to: target, .tcp(header)), on: link, leaving: "docker0")
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aWholeProtocolIsPublished(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene(links: Self.networks)
        try await Self.publish(scene)
        for (published, observed) in [("tcp", Observation.passed), ("udp", .silence)] {
            try await scene.apply("containers:\n  outbound: deny\n  published: [\(published)]\n", backend)
            let source = family.foreign(5)
            let seen = try await scene.observe(Self.ask(scene, from: source, on: "eth0", port: 8_080))
            #expect(seen == observed, "\(published)")
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aDenyOfInboundHoldsForWhatIsPublishedWhoeverAsks(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let scene = try await Scene(links: Self.networks)
        try await Self.publish(scene)
        let guest = try scene.neighbour(family, "br-a")
        let probes = [
            try Self.ask(scene, from: guest, on: "br-a", port: 8_080),
            try Self.ask(scene, from: family.foreign(5), on: "eth0", port: 8_080),
            try Self.ask(scene, from: family.foreign(5), on: "eth0", port: 81),
        ]
        let open = """
            forward:
              - allow: tcp/81
                in: eth0
            containers:
              outbound: allow
              published: [tcp/8080]
            """
        try await scene.apply(open, backend)
        #expect(try await scene.observe(probes) == [.passed, .passed, .passed])
        // Held by a denied service, and by a ban: what is not published is forwarded all the same.
        for denied in ["tcp/8080", "tcp", "any"] {
            let deny =
                "inbound:\n  - deny: \(denied)\n    from: [\"\(guest)\", \(family == .ipv4 ? "192.0.2.5" : "\"2001:db8::5\"")]\n"
            try await scene.apply(deny + open, backend)
            #expect(try await scene.observe(probes) == [.silence, .silence, .passed], "\(denied)")
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func guestsGetAnAddressWhereTheHostMayNotAskThem(_ backend: BackendKind, _ family: IPFamily) async throws
    {
        let scene = try await Scene(links: Self.networks)
        try await scene.apply("containers:\n  outbound: deny\n  host-to-bridge: false\n", backend)
        let ports: (UInt16, UInt16) = family == .ipv4 ? (67, 68) : (547, 546)
        for (source, target, passes) in [
            (ports.0, ports.1, true), (ports.0, 69, false), (69, ports.1, false),
        ] {
            let answer = Conversation(
                .udp(port: target),
                .outbound(),
                from: try scene.host(family, "docker0"),
                port: source,
                to: try scene.neighbour(family, "docker0"),
                on: "docker0"
            )
            let observed = try await scene.observe(.conversation(answer))
            #expect((observed == .passed) == passes, "\(source) \(target) \(observed)")
        }
    }
}
