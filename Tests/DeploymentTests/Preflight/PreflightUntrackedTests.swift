import Diagnostics
import Kernel
import Testing

@testable import Deployment

/// The check of rules that keep packets out of connection tracking.
@Suite struct PreflightUntrackedTests {
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
