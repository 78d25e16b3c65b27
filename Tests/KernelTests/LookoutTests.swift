import Compiler
import PacketModel
import Policy
import TestSupport
import Testing

@testable import Kernel

/// A look sees every change of what is ours, nothing of what others do beside it, and what it finds missing is put back from
/// memory.
@Suite(.needsRoot) struct LookoutTests {
    struct Stroke: Sendable, CustomTestStringConvertible {
        var backend: BackendKind
        var script: String
        /// Whether the cheap look is to see it.
        var isGlanced = true

        var testDescription: String { "\(backend.rawValue): \(script)" }
    }

    private static let strokes: [Stroke] =
        [
            "nft flush ruleset", "nft flush chain inet wallwright input",
            "nft add rule inet wallwright input accept",
            "nft insert rule inet wallwright input accept",
            "nft 'add table inet wallwright { flags dormant; }'",
            "nft 'add chain inet wallwright input { policy accept; }'",
        ].map { Stroke(backend: .nftables, script: $0) }
        + [
            Stroke(
                backend: .nftables,
                script: """
                    h=$(nft -a list chain inet wallwright input | grep -m1 'accept.*handle' | grep -oE 'handle [0-9]+$')
                    nft replace rule inet wallwright input $h accept
                    """,
                isGlanced: false
            ),
            Stroke(backend: .iptablesNft, script: "nft flush ruleset"),
            Stroke(backend: .iptablesNft, script: "nft 'add table ip6 filter { flags dormant; }'"),
        ]
        + [BackendKind.iptablesNft, .iptablesLegacy].flatMap { backend in
            [
                "-F INPUT", "-F", "-I INPUT 1 -j ACCEPT", "-I INPUT 1 -p tcp --dport 80 -j ACCEPT",
                "-I OUTPUT 1 -j RETURN", "-D WALLWRIGHT-INPUT 1", "-I WALLWRIGHT-INPUT 1 -j RETURN",
                "-F WALLWRIGHT-INPUT",
            ].flatMap { words in
                ["iptables", "ip6tables"].map { tool in
                    Stroke(
                        backend: backend,
                        script: "\(tool)-\(backend.variant?.rawValue ?? "") \(words)"
                    )
                }
            } + [
                // The first leads to a chain, whose count of users tells.
                Stroke(
                    backend: backend,
                    script: "\(backend.rawValue) -R WALLWRIGHT-INPUT 2 -j RETURN",
                    isGlanced: false
                )
            ]
        }

    private struct Sight: Equatable {
        var glance: Glance
        var contents: FirewallListing
    }

    private static func sight(_ places: OwnPlaces, in namespace: NetworkNamespace) async throws -> Sight {
        try await namespace.run {
            let lookout = try Lookout(places)
            try lookout.learnNames()
            return Sight(glance: try lookout.glance(), contents: try lookout.contents())
        }
    }

    private static func shell(_ script: String, in namespace: NetworkNamespace) async throws {
        try await Tool(named: "sh").run(["-c", script], text: "", in: namespace)
    }

    @Test(arguments: strokes)
    func everyStrokeIsSeenAndPutBack(_ stroke: Stroke) async throws {
        let namespace = try await NetworkNamespace.make()
        let firewall = try Firewall(try HostFirewallTests.policy(), stroke.backend, usesIpset: true)
        let host = HostFirewall(in: namespace)
        try await host.install(firewall)
        let places = OwnPlaces(of: firewall)
        let right = try await Self.sight(places, in: namespace)
        #expect(right.glance.lacks(of: places).isEmpty)
        // What others do beside ours.
        try await Self.shell(
            "nft add table inet other; nft add chain inet other input '{ type filter hook input priority 5; }'",
            in: namespace
        )
        if stroke.backend != .nftables {
            try await Self.shell(
                "\(stroke.backend.rawValue) -N OTHER; \(stroke.backend.rawValue) -A OTHER -j DROP; "
                    + "\(stroke.backend.rawValue) -A INPUT -s 192.0.2.77 -j OTHER",
                in: namespace
            )
        }
        #expect(try await Self.sight(places, in: namespace) == right)
        // What they do to ours.
        let (before, numbers) = (try await host.listing(), try await Self.numbers(places, in: namespace))
        try await Self.shell(stroke.script, in: namespace)
        let seen = try await Self.sight(places, in: namespace)
        #expect((seen.glance != right.glance) == stroke.isGlanced)
        #expect(seen != right)
        // A rule of the older tables that took the place of another as long is told by the contents alone.
        let isTold = try await Self.numbers(places, in: namespace) != numbers
        #expect(isTold || (stroke.backend == .iptablesLegacy && !stroke.isGlanced))
        guard stroke.isGlanced else { return }
        try await QuickRepair(firewall, seen: seen.glance, right: right.glance)
            .perform(in: namespace, holding: nil)
        #expect(try await Self.sight(places, in: namespace) == right)
        let after = try await host.listing()
        #expect(after.faults(against: before) == [])
    }

    /// What tells that something moved.
    private static func numbers(_ places: OwnPlaces, in namespace: NetworkNamespace) async throws -> [UInt64]
    {
        try await namespace.run {
            let hasNftables = places.xtables.keys.allSatisfy { $0.variant == .nft }
            if hasNftables { return [UInt64(try RulesetClock.open()?.number() ?? 0)] }
            return try places.xtables.keys.sorted().map { table in
                UInt64(bitPattern: Int64(try LegacySocket(table.family).info(of: table.name).hashValue))
            }
        }
    }

    /// A watch where rules of its own were never loaded, and no module for them is, makes none.
    @Test func aTableThatIsNotThereIsNotMade() async throws {
        let namespace = try await NetworkNamespace.make()
        let firewall = try Firewall(try HostFirewallTests.policy(), .nftables, usesIpset: false)
        let places = OwnPlaces(of: firewall)
        let seen = try await Self.sight(places, in: namespace)
        #expect(seen.glance.lacks(of: places) == ["the table wallwright is missing"])
        #expect(seen.contents.isEmpty)
        #expect(try await HostFirewall(in: namespace).backends().isEmpty)
    }
}
