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

    @Test(arguments: [
        ("ipset add s 192.0.2.1", true), ("ipset add s $X", false), ("ipset add t 192.0.2.1", true),
        ("ipset restore < list", false), ("for a in $(cat list); do ipset add s $a; done", false),
        ("ipset flush s", true), ("ipset del s 192.0.2.0/24", false),
        ("ipset add s 192.0.2.1 timeout 9", false),
        ("iptables -A FORWARD -j SET --add-set s src", false),
        ("iptables -A FORWARD -j SET --add-set t src", true),
        ("ip6tables -A FORWARD -j SET --del-set s src", false), ("ipset swap s t", true),
    ])
    func `what a set holds is known as long as nothing open is put in`(command: String, isKnown: Bool) throws
    {
        let source = SourceFile(
            name: "fw.sh",
            text: "ipset create s hash:ip\nipset create t hash:ip\nipset add s 198.51.100.1\n\(command)\n"
                + "iptables -A INPUT -m set --match-set s src -j DROP\n"
        )
        let outcome = try #require(ScriptReading.read(source, names: Self.names).outcomes.first)
        let meaning = outcome.ruleset(.ipv4).meaning(names: Self.names, ipsets: outcome.ipsets(of: source))
        let condition = try #require(meaning.tables[0].chains[0].rules[0].conditions.first)
        if case .unknown = condition { #expect(!isKnown) } else { #expect(isKnown) }
    }

    @Test func `a set holds at each line what was put in above it`() throws {
        let source = SourceFile(
            name: "fw.sh",
            text: "ipset create s hash:ip\nipset add s 192.0.2.1\nipset flush s\n"
        )
        let outcome = try #require(ScriptReading.read(source, names: Self.names).outcomes.first)
        let counts = (1...3).map { outcome.ipsets(afterLine: $0, of: source)["s"]?.entries.count }
        #expect(counts == [0, 1, 0])
    }
}
