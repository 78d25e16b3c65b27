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
    }

    @Test(
        arguments: [
            ("-A a -j B", ["-A", "a", "-j", "B"]), ("  a\t b ", ["a", "b"]), ("", []),
            (#"--comment "a \" b" -j"#, ["--comment", #""a \" b""#, "-j"]), (#"a "b c"#, ["a", #""b c"#]),
        ]
    )
    func quotedTextIsOneWord(_ line: String, words: [String]) {
        #expect(QuotedWords.split(line) == words)
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

    @Test(
        arguments: [
            ("udp dport 53 counter notrack", true), ("udp dport 53 notrack comment \"dns\"", true),
            ("udp dport 53 comment \"notrack\" accept", false), ("log prefix \"a notrack b\" accept", false),
            ("-A PREROUTING -p udp -j NOTRACK", true), ("-A PREROUTING -p udp -j CT --notrack", true),
            ("-A PREROUTING -p udp -j CT --zone 3", false),
            ("-A PREROUTING -m comment --comment \"-j NOTRACK\" -j ACCEPT", false), ("", false),
        ]
    )
    func aRuleTakesPacketsOutOfTrackingOrNot(_ rule: String, untracks: Bool) {
        #expect(UntrackedTrafficCheck.isUntracking(rule) == untracks)
    }

    @Test func untrackedTrafficIsFoundOnceInEachPlace() async throws {
        var sample = try PreflightSample()
        sample.answers["nft --stateless --terse list ruleset"] = .success(
            """
            # Warning: table ip raw is managed by iptables-nft, do not touch!
            table ip raw {
            \tchain PREROUTING {
            \t\ttype filter hook prerouting priority raw; policy accept;
            \t\tudp dport 53 counter notrack
            \t}
            }
            table inet wallwright {
            \tchain raw {
            \t\tudp dport 99 notrack
            \t}
            }
            table inet dns {
            \tset notrack {
            \t\ttype ipv4_addr
            \t}

            \tchain pre {
            \t\tudp dport { 53, 5353 } notrack
            \t}
            }

            """
        )
        let raw =
            "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 53 -j NOTRACK\nCOMMIT\n"
        sample.answers["iptables-nft-save"] = .success(raw)
        sample.answers["iptables-legacy-save"] = .success(raw)
        try sample.write("/proc/thread-self/net/ip_tables_names", "raw\n")
        let check = await UntrackedTrafficCheck(reading: sample.host())
        #expect(
            check.rules == [
                "ip raw PREROUTING: udp dport 53 counter notrack",
                "inet dns pre: udp dport { 53, 5353 } notrack",
                "iptables-legacy -t raw -A PREROUTING -p udp -m udp --dport 53 -j NOTRACK",
            ]
        )
        #expect(check.diagnostics.map(\.severity) == [.warning])
        sample.missing = ["nft"]
        let without = await UntrackedTrafficCheck(reading: sample.host())
        #expect(
            without.rules.first == "iptables-nft -t raw -A PREROUTING -p udp -m udp --dport 53 -j NOTRACK"
        )
    }

    @Test func onlySomeRulesAreShown() {
        let check = UntrackedTrafficCheck(rules: (1...7).map { "rule \($0)" })
        #expect(check.diagnostics.first?.notes.dropLast().last == "and 2 more")
    }

    @Test func aListingThatFailedIsNoEmptyOne() async throws {
        var sample = try PreflightSample()
        let error = ToolError.timedOut(program: "nft", limit: .seconds(5))
        sample.answers["nft --stateless --terse list ruleset"] = .failure(error)
        let said = await UntrackedTrafficCheck(reading: sample.host()).diagnostics
        #expect(said.map(\.code) == ["preflight.unread"])
    }
}
