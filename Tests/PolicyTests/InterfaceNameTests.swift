import Diagnostics
import PacketModel
import Policy
import Testing

/// A name that a policy defines means the same wherever it stands, within other names too.
@Suite struct InterfaceNameTests {
    private static let head = "wallwright: 1\nmanagement: none\n"

    @Test(arguments: [
        ("inside: [lan, wg0], lan: [eth1, eth2]", ["eth1", "eth2", "wg0"]),
        ("lan: [eth1, 'vl*'], inside: [lan, wg0]", ["eth1", "vl*", "wg0"]),
        ("a: b, b: [c, eth1], c: eth2, inside: [a, c]", ["eth1", "eth2"]),
        ("inside: [inside, eth1]", ["eth1", "inside"]), ("inside: inside", ["inside"]),
    ])
    func `names of interfaces hold within others`(names: String, interfaces: [String]) throws {
        let uses = [
            "inbound: [{deny: telnet, in: inside}]", "outbound: [{deny: telnet, out: inside}]",
            "forward: [{deny: telnet, in: inside, out: inside}]",
            "nat: [{masquerade: true, out: inside}]", "nat: [{redirect: http, to-port: 81, in: inside}]",
            "containers: {outbound: allow, bridges: inside}",
        ]
        for use in uses {
            let policy = try #require(Self.read("interfaces: {\(names)}\n\(use)"), "\(use)")
            let line = policy.lines.first
            let patterns =
                line?.inputInterfaces ?? line?.outputInterfaces ?? policy.nat.first?.inputInterfaces
                ?? policy.nat.first?.outputInterfaces ?? policy.containers?.bridges ?? []
            #expect(patterns.map(\.text) == interfaces, "\(use)")
        }
    }

    @Test func `names of sets and services hold within others`() throws {
        let policy = try #require(
            Self.read(
                """
                sets: {all: [office, 192.0.2.9], office: [home, 192.0.2.8], home: 192.0.2.7}
                services: {web: [plain, https], plain: [http, own], own: tcp/8080}
                inbound: [{allow: web, from: all}]
                """
            )
        )
        let line = try #require(policy.lines.first)
        #expect(line.source?.ipv4.intervals.map { $0.upper - $0.lower } == [2])
        #expect([80, 443, 8080].allSatisfy { line.services.contains(.tcp, $0) })
    }

    @Test func `names that are made of each other are refused`() {
        #expect(Self.read("interfaces: {a: b, b: a}") == nil)
        #expect(Self.read("interfaces: {a: b, b: c, c: [eth0, a]}") == nil)
    }

    private static func read(_ body: String) -> Policy? {
        PolicyReader.read(
            source: SourceFile(name: "policy.yaml", text: head + body),
            environment: PolicyEnvironment(folder: "/")
        ).policy
    }
}
