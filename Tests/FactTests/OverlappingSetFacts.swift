import Compiler
import TestSupport
import Testing
import PacketModel
import Trial

@testable import Kernel

/// What nft makes of prefixes that touch and overlap.
@Suite(.needsRoot) struct OverlappingSetFacts {
    private static func set(_ type: String, _ flags: String, _ elements: [String]) -> String {
        """
        set prefixes {
            type \(type)
            flags interval
            \(flags)
            elements = { \(elements.joined(separator: ", ")) }
        }
        """
    }

    @Test func factAutoMergeMakesOneOfThreeAndLosesComments() async throws {
        let scene = try await Scene()
        let elements = ["10.0.0.0/8 comment \"a\"", "10.1.0.0/16 comment \"b\"", "11.0.0.0/8 comment \"c\""]
        try await scene.load(Self.set("ipv4_addr", "auto-merge", elements))
        let listed = try await Tool(named: "nft").run(
            ["list", "table", "inet", "facts"],
            text: "",
            in: scene.network.inside
        )
        #expect(listed.contains("10.0.0.0/7"))
        #expect(!listed.contains("11.0.0.0/8") && !listed.contains("10.1.0.0/16"))
        #expect(listed.ranges(of: "comment").count <= 1)
    }

    @Test func factOverlappingConcatenationsLoadInOneOrderOnly() async throws {
        let scene = try await Scene()
        let (wide, narrow) = ("80 . 10.0.0.0/8", "80 . 10.1.0.0/16")
        try await scene.load(Self.set("inet_service . ipv4_addr", "", [narrow, wide]))
        await #expect(throws: CommitError.self) {
            try await scene.load(Self.set("inet_service . ipv4_addr", "", [wide, narrow]))
        }
    }

    private static let lines = [
        "  - allow: http\n    from: [10.0.0.0/8, \"2001:db8::/32\"]\n",
        "  - allow: http\n    from: [10.1.0.0/16, \"2001:db8:1::/48\"]\n",
        "  - allow: [http, https]\n    from: [11.0.0.0/8, \"2001:db9::/32\"]\n",
        "  - deny: https\n    from: [11.1.0.0-11.1.0.9, 11.1.0.4/30, \"2001:db9:1::/48\"]\n",
    ]

    @Test(arguments: BackendKind.allCases)
    func oursLoadsInAnyOrderOfItsLines(_ backend: BackendKind) async throws {
        var texts: Set<String> = []
        let scene = try await Scene()
        for order in Self.orders(Self.lines) {
            let policy = "inbound:\n" + order.joined()
            try await scene.apply(policy, backend)
            let text = try NftablesProgram(Scene.policy(policy)).text
            #expect(!text.contains("auto-merge"))
            texts.insert(text.replacing(/policy\.yaml:[0-9]+/, with: "policy.yaml"))
        }
        #expect(texts.count == 1)
        let cases: [(String, UInt16, Observation)] = [
            ("10.2.0.1", 80, .passed), ("10.1.0.1", 80, .passed), ("11.0.0.1", 80, .passed),
            ("12.0.0.1", 80, .silence), ("10.1.0.1", 443, .silence), ("11.0.0.1", 443, .passed),
            ("11.1.0.6", 443, .silence), ("11.1.0.6", 80, .passed), ("2001:db8:2::1", 80, .passed),
            ("2001:db8:1::1", 80, .passed), ("2001:dba::1", 80, .silence), ("2001:db9::1", 443, .passed),
            ("2001:db9:1::1", 443, .silence),
        ]
        let probes = try cases.map { source, port, _ in
            try scene.inbound(.tcp(port: port), from: try #require(IPAddress(source)))
        }
        #expect(try await scene.observe(probes) == cases.map(\.2))
    }

    /// Every order of the lines.
    private static func orders(_ lines: [String]) -> [[String]] {
        guard lines.count > 1 else { return [lines] }
        return lines.indices.flatMap { index in
            var rest = lines
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }
}
