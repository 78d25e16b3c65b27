import Compiler
import Iptables
import Netfilter
import PacketModel
import Policy
import Testing

/// The real tools take what is written.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable)) struct LoadingTests {
    static let variants = ["nft", "legacy"]

    @Test("every kind of rule loads, rule for rule", arguments: IPFamily.allCases, variants)
    func rules(family: IPFamily, variant: String) throws {
        let examples = RuleCase.all.filter { $0.family == family }
        let table = Table(
            family: family == .ipv4 ? .ip : .ip6,
            name: "filter",
            chains: [Chain("TEST", rules: examples.map(\.rule))]
        )
        let text = try IptablesPrinter.restoreFile(
            Ruleset(tables: [table]),
            family: family,
            includingJumps: false
        )
        let tool = Self.tool(family, variant)
        let result = try Sandbox.run(
            "\(tool)-restore --noflush < $DIR/rules; \(tool)-save | grep -c '^-A TEST'",
            files: ["rules": text]
        )
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("\(examples.flatMap(\.lines).count)"))
    }

    @Test(
        "policies load with their sets, and load again without a change",
        arguments: PolicyCase.all,
        variants
    )
    func policies(example: PolicyCase, variant: String) throws {
        for usesIpset in [true, false] {
            let ruleset = try IptablesLowering.lower(example.policy, usesIpset: usesIpset)
            var files = ["sets": try IpsetPrinter.restoreFile(ruleset)]
            var script = "ipset restore -exist < $DIR/sets\n"
            for family in IPFamily.allCases {
                let tool = Self.tool(family, variant)
                files["all.\(family)"] = try IptablesPrinter.restoreFile(
                    ruleset,
                    family: family,
                    includingJumps: true
                )
                files["own.\(family)"] = try IptablesPrinter.restoreFile(
                    ruleset,
                    family: family,
                    includingJumps: false
                )
                script += """
                    \(tool)-restore --noflush -w --test < $DIR/all.\(family)
                    \(tool)-restore --noflush -w < $DIR/all.\(family)
                    \(tool)-save | grep -v '^#' > $DIR/first
                    \(tool)-restore --noflush -w < $DIR/own.\(family)
                    \(tool)-save | grep -v '^#' | diff $DIR/first -
                    \(tool)-save | grep -- '^-A INPUT -j WALLWRIGHT-INPUT$'

                    """
            }
            let result = try Sandbox.run(script, files: files)
            #expect(result.status == 0, "\(result.output)")
        }
    }

    @Test("a hashlimit that is loaded with another rate keeps the old one, so the name must change")
    func hashlimitKeepsItsRate() throws {
        let script = """
            iptables-legacy -A INPUT -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-name n
            iptables-legacy -A INPUT -m hashlimit --hashlimit-upto 9/second --hashlimit-burst 9 --hashlimit-name n
            ip link set lo up
            ping -c 1 -W 1 127.0.0.1 > /dev/null || true
            cat /proc/net/ipt_hashlimit/n
            """
        let result = try Sandbox.run(script)
        #expect(result.status == 0, "\(result.output)")
        // The last columns are the credit, the most of it, and what a packet costs.
        let numbers = result.output.split(whereSeparator: \.isWhitespace).suffix(2).compactMap { Int($0) }
        #expect(numbers.count == 2 && numbers[0] == 3 * numbers[1], "the burst is still 3: \(result.output)")
    }

    @Test("a bucket that refills in a day holds its burst")
    func longestRefill() throws {
        let rule = Rule(RuleCase.bucket(1, .hour, burst: 24, .shared, "n"), [], .accept)
        let lines = try RuleCase(name: "", rule: rule, lines: []).file().split(separator: "\n")
        let match = try #require(lines.first { $0.hasPrefix("-A TEST") }?.dropFirst("-A TEST".count))
        let script = """
            ip link set lo up
            iptables-legacy -A OUTPUT \(match)
            iptables-legacy -A OUTPUT -j DROP
            for i in $(seq 30); do ping -c 1 -W 0.01 127.0.0.1 > /dev/null || true; done
            iptables-legacy -nvxL OUTPUT | awk '/ACCEPT.*limit/ { print $1 }'
            """
        let result = try Sandbox.run(script)
        #expect(result.output.split(separator: "\n").last == "24", "\(result.output)")
    }

    @Test("the longest way that is written is the longest that the kernel takes")
    func longestWay() throws {
        func file(_ chains: Int) -> String {
            let names = (1...chains).map { "C\($0)" }
            let rules = zip(names, names.dropFirst()).map { "-A \($0) -g \($1)" }
            return (["*filter"] + names.map { ":\($0) - [0:0]" } + rules + ["-I INPUT -j C1", "COMMIT", ""])
                .joined(separator: "\n")
        }
        let script = """
            iptables-nft-restore --noflush < $DIR/fits
            ! iptables-nft-restore --noflush < $DIR/more
            """
        let result = try Sandbox.run(script, files: ["fits": file(15), "more": file(17)])
        #expect(result.status == 0, "\(result.output)")
    }

    private static func tool(_ family: IPFamily, _ variant: String) -> String {
        (family == .ipv4 ? "iptables" : "ip6tables") + "-\(variant)"
    }
}

/// Policies that use everything the lowering knows.
struct PolicyCase: CustomTestStringConvertible {
    var testDescription: String
    var policy: Policy

    static let all: [PolicyCase] = [
        PolicyCase(testDescription: "guide", policy: Sample.guide),
        PolicyCase(testDescription: "everything", policy: Sample.everything),
        PolicyCase(testDescription: "many lines", policy: Sample.many(3_000)),
        PolicyCase(
            testDescription: "many chains, and ports that ipset does not know",
            policy: Sample.crowd(60)
        ),
    ]
}
