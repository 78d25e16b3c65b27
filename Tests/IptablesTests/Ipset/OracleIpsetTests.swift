import Diagnostics
import PacketModel
import Testing

@testable import Iptables

/// The real ipset and Wallwright take and refuse the same, and list the same.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable), .serialized)
struct OracleIpsetTests {
    private static let count = 3_300

    @Test(arguments: [false, true])
    func `commands about sets of every type are taken, refused and listed alike`(ignoringExisting: Bool)
        throws
    {
        var cases: [IpsetOracle.Case] = []
        for seed in 0..<Self.count {
            var random = RandomIpsetCommands(seed: seed)
            guard random.ignoresExisting == ignoringExisting else { continue }
            cases.append(IpsetOracle.Case(commands: random.commands(), names: random.names))
        }
        let answers = try IpsetOracle.theirs(cases, ignoringExisting: ignoringExisting)
        var taken = 0
        for (one, answer) in zip(cases, answers) {
            let theirs = IpsetOracle.comparable(answer)
            let ours = IpsetOracle.comparable(IpsetOracle.ours(one, ignoringExisting: ignoringExisting))
            taken += theirs.taken.count { $0 }
            guard ours != theirs else { continue }
            let lines = zip(one.commands, zip(theirs.taken, ours.taken)).map { command, answers in
                "\(answers.0 ? "+" : "-")\(answers.1 ? "+" : "-") \(command)"
            }
            Issue.record(
                "theirs, ours:\n\(lines.joined(separator: "\n"))\n\(theirs.sets)\n\(ours.sets)"
            )
        }
        // Most of what is tried is a command that may well be given.
        #expect(taken > cases.count)
        print(
            "oracle of ipset: \(cases.count) cases, \(cases.reduce(0) { $0 + $1.commands.count }) commands, \(taken) taken"
        )
    }

    /// In the order in which they are given, each by a process of its own.
    private static let lines = [
        "create a hash:ip", "save -f /tmp/x", "list -n", "-o save list", "-f /tmp/y save",
        "-exist create a hash:ip",
        "create a hash:ip -exist", "create a hash:ip", "-q list", "list -t a", "-t -n list", "list -name a",
        "list -terse", "-o plain list", "-o xml list", "-o foo list", "list -o", "list nope", "save nope",
        "flush a b",
        "destroy a b", "list a b", "rename a", "swap a", "add", "add a", "create b", "del a", "test a",
        "restore a",
        "help foo", "help hash:ip", "version", "foo", "-x", "-L", "-S a", "-F a", "--list", "c c hash:net",
        "a c 1.1.1.0/24", "d c 1.1.1.0/24", "des c", "n d hash:ip", "x d", "-N e iphash", "-A e 1.2.3.4",
        "-D e 1.2.3.4",
        "-X e", "-quiet list", "-r list", "-s list", "list -file /tmp/zz", "-n", "", "e a z", "w z z",
        "-! add z 1.1.1.1",
        "add z 1.1.1.1 -!", "add z 1.1.1.1", "-exist del z 9.9.9.9", "del z 9.9.9.9", "test z 1.1.1.1",
        "test z 2.2.2.2",
        "-exist destroy nope", "destroy nope", "flush", "destroy",
    ]

    @Test func `options may stand before and behind a command`() throws {
        let result = try Sandbox.run(
            "while IFS= read -r line; do ipset $line >/dev/null 2>&1 </dev/null && echo taken || echo refused; done < $DIR/lines",
            files: ["lines": Self.lines.map { $0 + "\n" }.joined()]
        )
        var sets = Ipsets(names: Oracle.names)
        for (line, answer) in zip(Self.lines, result.output.split(separator: "\n")) {
            let refusal = sets.apply(.command(line.split(separator: " ").map(String.init))).refusal
            #expect((refusal == nil) == (answer == "taken"), "\(line)")
        }
    }

    @Test func `a set that a rule names stays, and a rule that names none is refused`() throws {
        let script = """
            ipset create bad hash:ip; ipset add bad 198.51.100.7
            iptables -A INPUT -m set --match-set bad src -j DROP
            ipset destroy bad; ipset rename bad worse; ipset create bad hash:ip
            iptables -A INPUT -m set --match-set none src -j DROP
            ipset create all hash:net; ipset add all 0.0.0.0/0
            iptables -A INPUT -j SET --add-set all src; ipset destroy; iptables -F; ipset destroy all
            iptables -A INPUT -m set --match-set all src -j ACCEPT

            """
        let result = try Sandbox.run(
            "sh $DIR/script >/dev/null 2>&1 || true; iptables-nft-save; ipset save",
            files: ["script": script]
        )
        let theirs = result.output.split(separator: "\n").filter { $0.hasPrefix("-A") || $0.hasPrefix("add") }
        let source = SourceFile(name: "script", text: script)
        let outcome = ScriptReading.read(source, names: Oracle.names).outcomes[0]
        let sets = outcome.ipsets(of: source)
        let rules = String(decoding: outcome.ruleset(.ipv4).text(names: Oracle.names), as: UTF8.self)
        let ours =
            rules.split(separator: "\n").filter { $0.hasPrefix("-A") }.map(String.init)
            + sets.printedOrder.flatMap { sets.saved($0).dropFirst() }
        #expect(ours == theirs.map(String.init))
        #expect(outcome.commands.filter { !$0.refusals.isEmpty }.count == 7)
    }
}
