import Iptables
import Netfilter
import PacketModel
import Testing

@Suite struct RulePrinterTests {
    @Test("a rule is written as the lines that say it", arguments: RuleCase.all)
    func written(example: RuleCase) throws {
        let lines = try example.file().split(separator: "\n").filter { $0.hasPrefix("-A TEST") }
        #expect(lines == example.lines.map { "-A TEST \($0)" })
    }

    @Test(
        "what iptables cannot say is refused",
        arguments: [
            Rule([.field(.transportProtocol, is: 0 as UInt8)], [], .drop),
            Rule([.field(.destinationPort, is: 22 as UInt16)], [], .drop),
            Rule([.flags(.syn, of: .syn)], [], .drop),
            Rule([.transportProtocol(.udp)], [], .reject(.reset)),
            Rule([.not(RuleCase.interfaces(.inputInterface, "a", "b"))], [], .drop),
            Rule([RuleCase.interfaces(.inputInterface, "a+")], [], .drop),
            Rule([.member([.source], of: "unknown")], [], .drop),
            Rule([], [], .lookup([.source], map: "m")),
            Rule([.transportProtocol(.udplite)], [], .redirect(port: 80)),
            Rule([], [.log(Log(prefix: String(repeating: "x", count: 30), destination: .group(1)))]),
            Rule(RuleCase.bucket(10_001, .second, burst: 1, .shared, nil), [], .return),
            Rule(RuleCase.bucket(1_000_001, .second, burst: 1, .shared, "n"), [], .return),
            Rule(RuleCase.bucket(1, .second, burst: 1_000_001, .shared, "n"), [], .return),
            Rule(RuleCase.bucket(1, .hour, burst: 25, .shared, "n"), [], .return),
            Rule(
                [.field(.user, in: [1, 3])] + RuleCase.bucket(1, .second, burst: 1, .shared, nil),
                [],
                .return
            ),
        ]
    )
    func refused(rule: Rule) {
        #expect(throws: Inexpressible.self) { try RuleCase(name: "", rule: rule, lines: []).file() }
    }

    @Test("the jumps are inserted before what others have, in their order")
    func jumps() throws {
        let hook = Chain.Hook(kind: .filter, point: .input, priority: 0, policy: .accept)
        let rules = ["A", "B"].map { Rule([], [], .jump($0)) }
        let table = Table(
            family: .ip,
            name: "filter",
            chains: [Chain("A"), Chain("B"), Chain("INPUT", hook: hook, rules: rules)]
        )
        let ruleset = Ruleset(tables: [table])
        let text = try IptablesPrinter.restoreFile(ruleset, family: .ipv4, includingJumps: true)
        #expect(text.contains("-I INPUT -j B\n-I INPUT -j A\nCOMMIT\n"))
        #expect(!text.contains(":INPUT"))
        let without = try IptablesPrinter.restoreFile(ruleset, family: .ipv4, includingJumps: false)
        #expect(!without.contains("INPUT"))
        #expect(
            try IptablesPrinter.jumps(ruleset, family: .ipv4).map(\.words) == [["-j", "A"], ["-j", "B"]]
        )
        #expect(try IptablesPrinter.restoreFile(ruleset, family: .ipv6, includingJumps: true).isEmpty)
    }
}
