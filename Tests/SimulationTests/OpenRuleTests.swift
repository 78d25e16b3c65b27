import Diagnostics
import Iptables
import Netfilter
import PacketModel
import Testing

/// Rules of scripts of which some words are not known.
@Suite struct OpenRuleTests {
    private static let names = NameDatabase(services: "", protocols: "tcp 6\n")

    @Test(arguments: [
        ("-s $ADMIN -j ACCEPT", Verdict.accept), ("-s $(dig me) -j LOG", nil),
        ("-s $X -g other", Verdict.goto("other")),
    ])
    func `such a rule may match, and does what is known of it`(words: String, verdict: Verdict?) throws {
        let rule = try Self.rule(words)
        guard case .unknown = rule.conditions.last else {
            Issue.record("\(rule.conditions)")
            return
        }
        #expect(rule.verdict == verdict)
    }

    @Test(arguments: [
        ("-j $WHAT", [UnknownAction.Ending.next, .accept, .drop, .return], [Field.mark, .connectionMark]),
        ("-p tcp -j REJECT --reject-with $HOW", [.reject], []), ("-j LOG --log-prefix $P", [.next], []),
        ("-j MARK --set-mark $M", [.next], [.mark]), ("-j NFQUEUE --queue-num $N", [.queue], []),
    ])
    func `an unknown target ends and writes as its name says, or in any way`(
        words: String,
        endings: [UnknownAction.Ending],
        written: [Field]
    ) throws {
        guard case .unknown(let action) = try Self.rule(words).verdict else {
            Issue.record("\(words)")
            return
        }
        #expect(action.endings == endings && action.written == written)
    }

    /// Fields that the known words ask for, whatever the unknown ones are.
    @Test(arguments: [
        ("-p tcp --dport 22 -s $A", [Field.transportProtocol, .destinationPort]),
        ("-p tcp --dport $P -d 192.0.2.1", [.destination, .transportProtocol]),
        ("-p tcp --sport $P --dport 22", [.transportProtocol, .destinationPort]),
        ("-i $IF -p udp", [.transportProtocol]), ("-o eth0 -m mark --mark $M", [.outputInterface]),
        ("-m conntrack --ctstate NEW -s $A", [.connectionState]),
        ("-p $PROTO --dport 22", []), ("$FLAGS -p tcp", []), ("-m $M --mark 1", []),
    ])
    func `what is known of the words holds in any case`(words: String, fields: [Field]) throws {
        let chain = words.contains("-o ") ? "FORWARD" : "INPUT"
        let rule = try Self.rule(words + " -j ACCEPT", in: chain)
        #expect(rule.conditions.compactMap(\.field) == fields)
        guard case .unknown = rule.conditions.last else {
            Issue.record("\(rule.conditions)")
            return
        }
    }

    /// A word in quotes is one word, so that the tool refuses what is wrong beside it; others may bring what is missing.
    @Test(arguments: [
        ("-s \"$A\" --dport 443 -j ACCEPT", "iptables.option.unknown"),
        ("-s \"$A\" -p tcp --dprot 22 -j ACCEPT", "iptables.option.unknown"),
        ("-s \"$A\" -m statee --state NEW -j ACCEPT", "iptables.match.unknown"),
        ("-o eth0 -s \"$A\" -j ACCEPT", "iptables.rule.interface.hook"),
        ("-s \"$A\" -j ACCPT", "iptables.chain.undefined"),
        ("-s \"$A\" -p tcp -m multiport --dports 1:x -j DROP", "iptables.value.port"),
        ("-s $A --dport 443 -j ACCEPT", nil), ("-s \"$@\" --dport 443 -j ACCEPT", nil),
        ("-p \"$P\" --dport 443 -j ACCEPT", nil), ("-j \"$T\" --to-ports 1", nil),
    ])
    func `errors beside an unknown word are errors`(words: String, code: String?) throws {
        let source = SourceFile(name: "fw.sh", text: "iptables -A INPUT \(words)\n")
        let reading = ScriptReading.read(source, names: Self.names)
        let errors = reading.diagnostics.filter { $0.severity == .error }.map(\.code)
        if let code {
            #expect(errors.count == 1 && errors.allSatisfy { $0.hasPrefix(code) }, "\(errors)")
        } else {
            #expect(errors.isEmpty, "\(errors)")
        }
        let rules = reading.outcomes[0].ruleset(.ipv4).tables[.filter]?.chains["INPUT"]?.rules.count ?? 0
        #expect(rules == (code == nil ? 1 : 0))
    }

    private static func rule(_ words: String, in chain: String = "INPUT") throws -> Rule {
        let text = "iptables -N other\niptables -A \(chain) \(words)\n"
        let source = SourceFile(name: "fw.sh", text: text)
        let outcome = try #require(ScriptReading.read(source, names: names).outcomes.first)
        let table = outcome.ruleset(.ipv4).meaning(names: names).tables[0]
        return try #require(table.chains.first { $0.name == chain }?.rules.first)
    }

    @Test(arguments: [
        ("ipset add s 192.0.2.1", true), ("ipset add s $X", false), ("ipset add t 192.0.2.1", true),
        ("ipset restore < list", false), ("for a in $(cat list); do ipset add s $a; done", false),
        ("ipset flush s", true), ("ipset del s 192.0.2.0/24", true),
        ("ipset add s 192.0.2.1 timeout 9", true),
        ("ipset create u hash:ip timeout 9\nipset swap u s", false),
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
        let counts = (1...3).map { outcome.ipsets(afterLine: $0, of: source)["s"]?.count }
        #expect(counts == [0, 1, 0])
    }
}

extension Condition {
    fileprivate var field: Field? {
        switch self {
        case .field(let field, _), .bits(let field, _, _), .interface(let field, _): field
        case .not(let inner): inner.field
        case .member, .stateful, .anyOf, .absent, .unknown: nil
        }
    }
}
