import Compiler
import Diagnostics
import Testing

@testable import Deployment
@testable import Kernel

/// The checks of the rules that are loaded.
@Suite struct PreflightRulesTests {
    private static let docker = """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD DROP [0:0]
        :DOCKER - [0:0]
        -A FORWARD -o docker0 -j DOCKER
        COMMIT

        """
    private static let ours = """
        *filter
        :INPUT ACCEPT [0:0]
        :WALLWRIGHT-INPUT - [0:0]
        -A INPUT -j WALLWRIGHT-INPUT
        -A WALLWRIGHT-INPUT -p tcp -m comment --comment "ssh \\"in\\" -j X" -j RETURN
        COMMIT

        """

    @Test func whatIsOursIsNotOfOthers() {
        #expect(SavedRules(Self.ours).isEmpty)
        #expect(SavedRules(Self.ours).hasOurs)
        let others = SavedRules(Self.docker + Self.ours)
        #expect(
            others.rules == [
                .init(table: "filter", chain: "FORWARD", text: "-A FORWARD -o docker0 -j DOCKER")
            ]
        )
        #expect(others.closedChains == ["filter FORWARD"])
        #expect(!SavedRules(Self.docker).hasOurs)
        #expect(SavedRules("# Warning: table\n\n").isEmpty)
        // Bans belong to no generation, and to us.
        let bans = "*filter\n:INPUT ACCEPT [0:0]\n:WALLWRIGHT_BANS - [0:0]\n-A INPUT -j WALLWRIGHT_BANS\n"
        let banned = SavedRules(bans + "-A WALLWRIGHT_BANS -s 192.0.2.1/32 -j DROP\nCOMMIT\n")
        #expect(banned.isEmpty && banned.hasOurs)
    }

    /// The rules of others by variant, and what is said.
    @Test(
        arguments: [
            (.nftables, docker, docker, true), (.nftables, docker, "", false),
            (.nftables, docker, ours, false),
            (.iptables(.nft), docker, "", false), (.iptables(.legacy), docker, "", true),
            (.iptables(.nft), "", docker, true), (.iptables(.legacy), ours, docker, false),
        ] as [(PreflightRequest.Backend, String, String, Bool)]
    )
    func rulesOfBothKindsAreTold(
        _ backend: PreflightRequest.Backend,
        nft: String,
        legacy: String,
        isMixed: Bool
    ) async throws {
        var sample = try PreflightSample()
        try sample.write("/proc/thread-self/net/ip_tables_names", legacy.isEmpty ? "" : "filter\n")
        sample.answers["iptables-nft-save"] = .success(nft)
        sample.answers["iptables-legacy-save"] = .success(legacy)
        let said = await MixedIptablesCheck(reading: sample.host(backend)).diagnostics
        #expect(said.map(\.code) == (isMixed ? ["preflight.iptables.mixed"] : []))
        #expect(said.allSatisfy { $0.notes.contains { $0.hasSuffix("has 1 rule that is not ours") } })
    }

    /// `iptables-legacy-save` of a host that has no old tables is not asked.
    @Test func theNamesOfTablesOfEitherFamilyCount() async throws {
        var sample = try PreflightSample()
        sample.answers["iptables-legacy-save"] = .success(Self.docker)
        sample.answers["ip6tables-legacy-save"] = .success(Self.docker)
        #expect(await sample.host().saved(by: .legacy) == "")
        try sample.write("/proc/thread-self/net/ip6_tables_names", "filter\n")
        #expect(await sample.host().saved(by: .legacy) == Self.docker)
    }
}
