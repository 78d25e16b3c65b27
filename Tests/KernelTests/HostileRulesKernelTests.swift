import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// Whatever rules of strangers say, they stand as they stood, byte for byte, when ours come, change and go.
@Suite(.needsRoot) struct HostileRulesKernelTests {
    private static let chains = ["a\"b", "\"b", "WALLWRIGHT-\"x", "WALLWRIGHT-INPUT\"", "e'f", "\\x"]

    /// A namespace with as many of the rules as the tool takes.
    private static func namespace(_ rules: [[String]], _ tool: Tool) async throws -> NetworkNamespace {
        let namespace = try await NetworkNamespace.make()
        for chain in chains { try await tool.run(["-N", chain], in: namespace) }
        let jumps = chains.flatMap { [["-j", $0], ["-i", "\"", "-g", $0]] }
        var taken = 0
        for rule in rules + jumps {
            do {
                try await tool.run(["-A", "INPUT"] + rule, in: namespace)
                taken += 1
            } catch {
                guard case .failed = error else { throw error }
            }
        }
        try #require(taken > rules.count / 2, "only \(taken) of \(rules.count) were taken")
        return namespace
    }

    private static func input(_ tool: Tool, _ namespace: NetworkNamespace) async throws -> [UInt8] {
        try await tool.run(["-S", "INPUT"], in: namespace)
    }

    @Test(arguments: IptablesVariant.allCases)
    func rulesOfStrangersStayByteForByte(_ variant: IptablesVariant) async throws {
        let tool = try Tool(named: "iptables-\(variant.rawValue)")
        var random = SplitMix64(state: 11)
        for rules in [HostileRules.each, HostileRules.random(60, &random)] {
            let namespace = try await Self.namespace(rules, tool)
            let before = try await Self.input(tool, namespace)
            let policy = Array("-P INPUT ACCEPT\n".utf8)
            try #require(before.starts(with: policy))
            let others = before.dropFirst(policy.count)

            let host = HostFirewall(in: namespace)
            let bans = HostBans(in: namespace)
            let backend = BackendKind(variant)
            let firewall = try Firewall(try HostFirewallTests.policy(), backend, usesIpset: true)
            let jump = Array("-A INPUT -j WALLWRIGHT-INPUT\n".utf8)
            try await host.install(firewall)
            #expect(try await Self.input(tool, namespace) == policy + jump + others)
            let expected = try await HostFirewall.expectedListing(of: firewall)
            #expect(try await host.listing().differences(from: expected) == [])

            // A stranger's rule comes first, and ours goes before it.
            try await tool.run(["-I", "INPUT", "1"] + rules[0], in: namespace)
            let back = try await host.installed()
            try await host.install(back)
            #expect(try await Self.input(tool, namespace).starts(with: policy + jump))
            try await tool.run(["-D", "INPUT"] + rules[0], in: namespace)

            try await bans.replace(with: [Ban(try #require(Prefix(text: "203.0.113.9")))], on: backend)
            #expect(
                try await bans.differences(
                    from: [Ban(try #require(Prefix(text: "203.0.113.9")))],
                    on: backend
                )
                    == []
            )
            try await bans.replace(with: [], on: backend)
            try await host.install(.none)
            // The first of the rules that are alike went.
            #expect(try await Self.input(tool, namespace).count == before.count)
            #expect(try await host.listing().isEmpty)
        }
    }

    /// What is in our chains is ours to take away, and what cannot be written is no part of the way back.
    @Test(arguments: IptablesVariant.allCases)
    func strangeRulesInOurChainsGo(_ variant: IptablesVariant) async throws {
        let tool = try Tool(named: "iptables-\(variant.rawValue)")
        let namespace = try await NetworkNamespace.make()
        let host = HostFirewall(in: namespace)
        let backend = BackendKind(variant)
        let firewall = try Firewall(try HostFirewallTests.policy(), backend, usesIpset: true)
        try await host.install(firewall)
        let before = try await host.listing()
        let strange = ["-m", "comment", "--comment", "x\n-A INPUT -j ACCEPT\n\"", "-j", "ACCEPT"]
        try await tool.run(["-I", "WALLWRIGHT-INPUT", "1"] + strange, in: namespace)
        let jump = ["-m", "comment", "--comment", "x\n\"", "-j", "WALLWRIGHT-INPUT"]
        try await tool.run(["-A", "INPUT"] + jump, in: namespace)
        #expect(try await host.listing().differences(from: before).count > 1)
        try await host.install(try await host.installed())
        #expect(try await host.listing().differences(from: before) == [])
        try await tool.run(["-A", "INPUT"] + jump, in: namespace)
        try await host.install(.none)
        #expect(try await host.listing().isEmpty)
    }

    /// Each lasting word of an element is part of what is compared (ipset(8)).
    @Test(
        arguments: [
            ("hash:net", "10.0.0.0/8", "10.0.0.0/8 nomatch"),
            ("hash:ip skbinfo", "10.0.0.1", "10.0.0.1 skbmark 0x1"),
            ("hash:ip skbinfo", "10.0.0.1", "10.0.0.1 skbprio 1:2"),
            ("hash:ip skbinfo", "10.0.0.1", "10.0.0.1 skbqueue 2"),
            ("hash:ip comment", "10.0.0.1 comment a", "10.0.0.1 comment \"a b\""),
            ("hash:ip timeout 0", "10.0.0.1", "10.0.0.1 timeout 600"),
        ]
    )
    func whatAnElementLastinglySaysIsCompared(_ type: String, _ first: String, _ second: String) async throws
    {
        let ipset = try Tool(named: "ipset")
        var listings: [[FirewallListing.Part]] = []
        for element in [first, second, first] {
            let namespace = try await NetworkNamespace.make()
            let text = "create s \(type)\nadd s \(element)\n"
            try await ipset.run(["restore"], text: text, in: namespace)
            listings.append(IpsetListing.parts(try await ipset.run(["save"], text: "", in: namespace)))
        }
        #expect(listings[0] == listings[2])
        #expect(listings[0] != listings[1])
    }

    /// `ipset add SET ELEMENT nomatch` makes an exception of what is there.
    @Test func anExceptionInASetOfOursIsNoticed() async throws {
        let namespace = try await NetworkNamespace.make()
        let host = HostFirewall(in: namespace)
        let banned = (0..<40).map { "198.51.\($0 * 2).0/24" }.joined(separator: ", ")
        let text = "wallwright: 1\ninbound:\n  - allow: ssh\n  - deny: any\n    from: [\(banned)]\n"
        let firewall = try Firewall(try HostFirewallTests.policy(text), .iptablesNft, usesIpset: true)
        try await host.install(firewall)
        let before = try await host.listing()
        let ipset = try Tool(named: "ipset")
        let saved = SavedSetLine.lines(of: try await ipset.run(["save"], text: "", in: namespace))
        let line = try #require(saved.first { $0.command == "add" && $0.subject.contains("/") })
        try await ipset.run(
            ["add", String(line.set), String(line.subject), "nomatch", "-exist"],
            in: namespace
        )
        let differences = try await host.listing().differences(from: before)
        #expect(differences == ["the elements of set \(line.set) is not as it was meant"])
        try await host.install(firewall)
        #expect(try await host.listing().differences(from: before) == [])
    }
}
