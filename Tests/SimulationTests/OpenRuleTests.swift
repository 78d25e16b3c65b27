import Diagnostics
import Iptables
import Netfilter
import PacketModel
import Testing

/// Rules of scripts of which some words are not known.
@Suite struct OpenRuleTests {
    private static let names = NameDatabase(services: "", protocols: "tcp 6\n")

    @Test(arguments: [
        ("-s $ADMIN -j ACCEPT", Verdict.accept),
        ("-s $(dig me) -j LOG", Verdict.unknown("-s '$(dig me)' -j LOG")),
        ("-j $WHAT", Verdict.unknown("-j $WHAT")),
    ])
    func `such a rule may match, and does what is known of it`(words: String, verdict: Verdict) throws {
        let source = SourceFile(name: "fw.sh", text: "iptables -A INPUT \(words)\n")
        let outcome = try #require(ScriptReading.read(source, names: Self.names).outcomes.first)
        let rule = outcome.ruleset(.ipv4).meaning(names: Self.names).tables[0].chains[0].rules[0]
        guard case .unknown = rule.conditions.first else {
            Issue.record("\(rule.conditions)")
            return
        }
        #expect(rule.verdict == verdict)
    }
}
