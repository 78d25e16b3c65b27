import Compiler
import Diagnostics
import PacketModel
import Policy
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct HostFirewallTests {
    private static let text = """
        wallwright: 1
        inbound:
          - allow: ssh
          - allow: [http, https]
            limit: 50/minute per source
          - allow: mysql
            from: [192.0.2.0/24, 2001:db8::/32]
          - deny: any
            from: [198.51.100.0/24]
        outbound:
          - allow: any
        nat:
          - masquerade: true
            from: 10.0.0.0/8
            out: eth0
        log:
          dropped: 5/minute

        """

    static func policy(_ text: String = text) throws -> Policy {
        let source = SourceFile(name: "policy.yaml", text: text)
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
        let policy = read.policy
        return try #require(policy, "\(read.diagnostics.map(\.message))")
    }

    private static let changed = """
        wallwright: 1
        inbound:
          - allow: [ssh, http]
        outbound:
          - allow: any

        """

    @Test(arguments: BackendKind.allCases)
    func whatWasInstalledIsListedAsInAnotherKernel(_ backend: BackendKind) async throws {
        let firewall = try Firewall(try Self.policy(), backend, usesIpset: true)
        let host = HostFirewall(in: try await .make())
        #expect(try await host.listing().isEmpty)
        try await host.install(firewall)
        let expected = try await HostFirewall.expectedListing(of: firewall)
        #expect(!expected.isEmpty)
        #expect(try await host.listing().differences(from: expected) == [])
        #expect(try await host.listing().digest == expected.digest)
        #expect(try await host.backends() == [backend])
    }

    @Test(arguments: BackendKind.allCases, BackendKind.allCases)
    func oneFirewallTakesThePlaceOfAnother(_ first: BackendKind, _ second: BackendKind) async throws {
        let host = HostFirewall(in: try await .make())
        try await host.install(try Firewall(try Self.policy(), first, usesIpset: true))
        let before = try await host.listing()
        let wayBack = try await host.installed()
        let next = try Firewall(try Self.policy(Self.changed), second, usesIpset: true)
        try await host.install(next)
        #expect(try await host.listing() == HostFirewall.expectedListing(of: next))
        try await host.install(wayBack)
        #expect(try await host.listing().differences(from: before) == [])
        try await host.install(.none)
        #expect(try await host.listing().isEmpty)
        #expect(try await host.backends() == [])
    }

    @Test(
        arguments: [
            "add rule inet wallwright input tcp dport 4444 accept",
            "flush chain inet wallwright input",
            "delete table inet wallwright",
            "delete element inet wallwright input_tcp_port { 22 }",
            "add chain inet wallwright stranger",
            "add chain inet wallwright input { policy accept; }",
        ]
    )
    func whatAStrangerDidIsFound(_ command: String) async throws {
        let namespace = try await NetworkNamespace.make()
        let host = HostFirewall(in: namespace)
        let firewall = try Firewall(try Self.policy(), .nftables, usesIpset: false)
        try await host.install(firewall)
        let before = try await host.listing()
        try await Tool(named: "nft").run([command], text: "", in: namespace)
        #expect(try await host.listing().digest != before.digest)
        #expect(try await host.listing().differences(from: before) != [])
    }

    @Test(arguments: [IptablesVariant.nft, .legacy])
    func aJumpThatIsGoneIsFound(_ variant: IptablesVariant) async throws {
        let namespace = try await NetworkNamespace.make()
        let host = HostFirewall(in: namespace)
        try await host.install(try Firewall(try Self.policy(), BackendKind(variant), usesIpset: true))
        let before = try await host.listing()
        try await Tool(named: "iptables-\(variant.rawValue)").run(["-F", "INPUT"], text: "", in: namespace)
        #expect(
            try await host.listing().differences(from: before)
                == ["the jump from INPUT of ipv4 table filter is missing"]
        )
    }

    /// What somebody did to the built-in chain, and what is told of it.
    @Test(
        arguments: [
            (["-I", "INPUT", "1", "-j", "ACCEPT"], "a rule before the jump from INPUT of ipv4 table filter"),
            (["-I", "INPUT", "1", "-j", "WALLWRIGHT-INPUT"], "the jump from INPUT of ipv4 table filter"),
            (
                ["-R", "INPUT", "1", "-s", "203.0.113.1", "-j", "WALLWRIGHT-INPUT"],
                "the jump from INPUT of ipv4 table filter"
            ),
            (["-D", "INPUT", "-j", "WALLWRIGHT-INPUT"], "the jump from INPUT of ipv4 table filter"),
        ],
        [IptablesVariant.nft, .legacy]
    )
    func ourJumpIsTheFirstRuleAgain(
        _ change: ([String], String),
        _ variant: IptablesVariant
    ) async throws {
        let namespace = try await NetworkNamespace.make()
        let host = HostFirewall(in: namespace)
        let tool = try Tool(named: "iptables-\(variant.rawValue)")
        // A rule of somebody else stays where it is.
        try await tool.run(["-A", "INPUT", "-p", "47", "-j", "DROP"], text: "", in: namespace)
        let firewall = try Firewall(try Self.policy(), BackendKind(variant), usesIpset: true)
        try await host.install(firewall)
        let before = try await host.listing()
        try await tool.run(change.0, text: "", in: namespace)
        let faults = try await host.listing().faults(against: before)
        #expect(faults.count == 1 && faults[0].hasPrefix(change.1), "\(faults)")
        try await host.install(firewall)
        #expect(try await host.listing() == before)
        let rules = try await tool.run(["-S", "INPUT"], text: "", in: namespace).split(separator: "\n")
        #expect(rules[1] == "-A INPUT -j WALLWRIGHT-INPUT")
        #expect(rules.contains("-A INPUT -p gre -j DROP"))
    }

    @Test(arguments: BackendKind.allCases)
    func packetsAreCountedByTheLineThatLetsThemPass(_ backend: BackendKind) async throws {
        let setting = try await Setting()
        let host = HostFirewall(in: setting.network.inside)
        try await host.install(try Firewall(try Self.policy(), backend, usesIpset: true))
        let conversation = Conversation(
            .tcp(port: 22),
            from: try setting.outside(.ipv4),
            to: try setting.inside(.ipv4),
            on: "eth0"
        )
        var limited = conversation
        limited.kind = .tcp(port: 80)
        _ = try await setting.laboratory.run([.conversation(conversation), .conversation(limited)])
        let counters = try await host.counters()
        let line = try #require(counters.counts["policy.yaml:3 allow ssh"])
        #expect(line.packets > 0)
        #expect(line.bytes > line.packets * 20)
        let fills = counters.fills.filter { $0.comment == "policy.yaml:4 allow http, https" }
        #expect(fills.map(\.size) == [65_536, 65_536])
        #expect(fills.map(\.buckets).sorted() == [0, 1])
    }

    /// A million elements would take long here; a hundred thousand take more than one datagram of everything.
    @Test func aLargeSetIsReadWhole() async throws {
        let elements = (0..<100_000).map { "10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
        let program = { (elements: [String]) in
            NftablesProgram(
                text: "table inet wallwright {\nset s {\ntype ipv4_addr\nelements = { "
                    + elements.joined(separator: ",") + " }\n}\n}\n"
            )
        }
        let whole = try await HostFirewall.expectedListing(of: Firewall(nftables: program(elements)))
        let lacking = try await HostFirewall.expectedListing(
            of: Firewall(nftables: program(Array(elements.dropLast())))
        )
        #expect(lacking.differences(from: whole) == ["the elements of set s is not as it was meant"])
    }
}
