import Diagnostics
import Foundation
import Iptables
import Netfilter
import PacketModel
import Simulation
import Testing

/// What becomes of packets under the commands of the guide, as it gives them.
@Suite struct GuideTests {
    private let source: SourceFile
    private let reading: ScriptReading
    private let names: NameDatabase

    init() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Examples/guide.sh"
        )
        source = SourceFile(name: "guide.sh", text: try String(contentsOf: path, encoding: .utf8))
        names = NameDatabase(services: "", protocols: "tcp 6\nudp 17\nicmp 1\n")
        reading = ScriptReading.read(source, names: names)
    }

    private func explainer(_ family: IPFamily = .ipv4) throws -> RulesetExplainer {
        RulesetExplainer(try #require(reading.outcomes.first).ruleset(family), from: source, names: names)
    }

    private func path(_ outcomes: Outcomes, _ explainer: RulesetExplainer) -> [String] {
        outcomes.trace.path.compactMap(explainer.step).map {
            "\($0.chain) \($0.rule.map(String.init) ?? "policy")"
        }
    }

    @Test func `the 51st connection to port 80 is accepted because of OPEN_PORTS`() throws {
        var explainer = try explainer()
        for number in 1...51 {
            let packet = try PacketText.read(
                "tcp 198.51.100.7:\(40_000 + number) > 192.0.2.2:80 in eth0 time \(number)"
            )
            let outcomes = explainer.explain(packet)
            #expect(outcomes.verdict == "accept")
            #expect(path(outcomes, explainer) == ["INPUT 4", "OPEN_PORTS 1"])
        }
    }

    @Test func `a question to a name server is dropped by the policy of OUTPUT`() throws {
        var explainer = try explainer()
        let outcomes = explainer.explain(try PacketText.read("udp 192.0.2.2 > 9.9.9.9:53 out eth0"))
        #expect(outcomes.verdict == "drop")
        #expect(path(outcomes, explainer) == ["OUTPUT policy"])
    }

    @Test func `IPv6 is untouched`() throws {
        var explainer = try explainer(.ipv6)
        let outcomes = explainer.explain(try PacketText.read("tcp 2001:db8::7 > [2001:db8::2]:3306 in eth0"))
        #expect(outcomes.verdict == "accept")
        #expect(outcomes.trace.path.isEmpty)
    }

    @Test(arguments: ["", "-A INPUT -m conntrack --ctstate INVALID\n"])
    func `fragments never reach INPUT over IPv4`(tracking: String) throws {
        let text = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -f -j DROP\n\(tracking)COMMIT\n"
        let outcomes = try outcomes(of: "udp fragment true in eth0", text, .ipv4)
        #expect(outcomes.verdict == "accept")
    }

    /// `-m frag` is not known to the model, so the extent of a fragment is told by its ports, which it has not.
    @Test(arguments: [("", "drop"), ("-A INPUT -m conntrack --ctstate INVALID\n", "accept")])
    func `fragments reach INPUT over IPv6 unless connections are tracked`(tracking: String, verdict: String)
        throws
    {
        let text =
            "*filter\n:INPUT DROP [0:0]\n\(tracking)-A INPUT -p udp -m udp --dport 80 -j ACCEPT\nCOMMIT\n"
        let outcomes = try outcomes(of: "udp > [2001:db8::2]:80 fragment true in eth0", text, .ipv6)
        #expect(outcomes.verdict == verdict)
    }

    @Test func `what is not known is said to be so`() throws {
        let text = """
            *filter
            :INPUT DROP [0:0]
            -A INPUT -p udp -m string --string x --algo bm -j ACCEPT
            -A INPUT -p tcp -m string --string x --algo bm
            COMMIT

            """
        #expect(try outcomes(of: "udp in eth0", text, .ipv4).verdict == "depends")
        let known = try outcomes(of: "tcp in eth0", text, .ipv4)
        #expect(known.verdict == "drop")
        #expect(known.unknowns.count == 1)
    }

    private func outcomes(of words: String, _ text: String, _ family: IPFamily) throws -> Outcomes {
        let source = SourceFile(name: "rules", text: text)
        let (file, errors) = SaveFileReader.read(source, family: family, names: names)
        try #require(errors.isEmpty)
        let (loaded, more) = LoadedRuleset.load(file, from: source, family: family)
        try #require(more.isEmpty)
        var explainer = RulesetExplainer(loaded, from: source, names: names)
        return explainer.explain(try PacketText.read(words))
    }
}
