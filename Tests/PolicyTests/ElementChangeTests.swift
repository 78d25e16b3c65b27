import Diagnostics
import Nftables
import PacketModel
import Testing

@testable import Compiler
@testable import Policy

/// New answers for a DNS name change elements of sets, and nothing else.
@Suite struct ElementChangeTests {
    private static func policy(_ lines: String, _ hosts: [String: [IPAddress]]) throws -> Policy {
        let text = "wallwright: 1\ninbound:\n  - allow: ssh\n\(lines)\nsets:\n  friends: friend.example.net\n"
        let environment = PolicyEnvironment(folder: "/", hosts: hosts)
        let source = SourceFile(name: "policy.yaml", text: text)
        let (policy, diagnostics) = PolicyReader.read(source: source, environment: environment)
        return try #require(policy, "\(diagnostics.map(\.message))")
    }

    private static func change(_ lines: String, _ old: [String], _ new: [String]) throws -> ElementChange? {
        let rulesets = try [old, new].map { texts in
            let answers = texts.compactMap { IPAddress($0) }
            return try NftablesLowering.lower(try policy(lines, ["friend.example.net": answers]))
        }
        return try ElementChange(from: rulesets[0], to: rulesets[1])
    }

    private static let answers: [[String]] = [
        ["203.0.113.1"], ["203.0.113.1", "203.0.113.2", "203.0.113.3"], ["203.0.113.9", "2001:db8::9"],
        ["2001:db8::1", "2001:db8::2"], ["192.0.2.5"], ["192.0.2.5", "192.0.2.6", "198.51.100.1"],
    ]

    @Test(
        arguments: [
            "  - allow: http\n    from: friends",
            "  - allow: [http, https, udp/5000-6000]\n    from: friends",
            "  - allow: any\n    from: friends\n    in: eth0", "  - allow: tcp\n    from: friends",
            "  - allow: ping\n    from: friends", "  - deny: any\n    from: friends",
            "  - deny: http\n    from: friends\n  - allow: http",
            "  - allow: http\n    from: friends\n  - allow: http\n    from: 192.0.2.0/24",
            "  - allow: http\n    from: friends\n    until: 2037-01-01",
        ]
    )
    func `rules stay`(lines: String) throws {
        for old in Self.answers {
            for new in Self.answers {
                let change = try #require(try Self.change(lines, old, new), "\(old) \(new)")
                #expect(change.text.isEmpty == (old == new))
                #expect(
                    change.text.split(separator: "\n").allSatisfy {
                        $0.hasPrefix("add element inet wallwright ")
                            || $0.hasPrefix("delete element inet wallwright ")
                    }
                )
            }
        }
    }

    @Test func `what goes and what comes is named`() throws {
        let change = try Self.change("  - allow: http\n    from: friends", ["203.0.113.1"], ["203.0.113.2"])
        #expect(
            change?.text == """
                delete element inet wallwright input_tcp_port_source4 { 80 . 203.0.113.1 }
                add element inet wallwright input_tcp_port_source4 { 80 . 203.0.113.2 comment "policy.yaml:4 allow http from friends" }

                """
        )
    }

    /// nft reads no set without an element.
    @Test(arguments: answers + [[]])
    func `no rule asks for an address of a family that is not answered`(addresses: [String]) throws {
        let lines = """
              - allow: http
                from: friends
                limit: 5/minute per source
              - allow: [http, https]
                limit: 50/minute
              - deny: smtp
                from: friends
                log: true
            """
        let policy = try Self.policy(lines, ["friend.example.net": addresses.compactMap { IPAddress($0) }])
        let text = try NftablesPrinter.print(try NftablesLowering.lower(policy))
        #expect(!text.contains(/\{ +\} (update|counter|jump|goto|drop|accept)/), "\(text)")
        #expect(!text.contains("saddr { }") && !text.contains("saddr {  }"), "\(text)")
    }

    @Test func `where rules differ there is no such change`() throws {
        let first = try NftablesLowering.lower(try Self.policy("  - allow: http\n    in: eth0", [:]))
        let other = try NftablesLowering.lower(try Self.policy("  - allow: http\n    in: eth1", [:]))
        #expect(try ElementChange(from: first, to: other) == nil)
    }
}
