import Compiler
import Diagnostics
import Netfilter
import PacketModel
import Policy
import Simulation
import Testing

/// A policy is explained by what it is compiled to, and by the line that is the reason.
@Suite struct PolicyExplainerTests {
    private static let text = """
        wallwright: 1
        inbound:
          - allow: ssh
          - allow: http
            limit: 2/hour
          - deny: any
            from: 203.0.113.0/24
        outbound:
          - allow: dns
        forward:
          - allow: https
            in: lan0
            out: eth0
        backend: BACKEND
        """

    @Test(arguments: ["nftables", "iptables"])
    func `every answer names its line`(backend: String) throws {
        let asked: [(packet: String, verdict: String, line: Int?, reason: String)] = [
            ("tcp > 192.0.2.2:22 in eth0", "accept", 3, " by x.yaml:3 allow ssh"),
            ("tcp > 192.0.2.2:23 in eth0", "drop", nil, ": no line allows it"),
            (
                "tcp 203.0.113.5 > 192.0.2.2:22 in eth0", "drop", 6,
                " by x.yaml:6 deny any from 203.0.113.0/24"
            ),
            ("tcp > 192.0.2.2:80 in eth0", "accept", 4, " by x.yaml:4 allow http, while under its limit"),
            ("tcp > 192.0.2.2:80 in eth0", "accept", 4, " by x.yaml:4 allow http, while under its limit"),
            ("tcp > 192.0.2.2:80 in eth0", "drop", 4, " by x.yaml:4 allow http, which is over its limit"),
            ("udp 192.0.2.2 > 9.9.9.9:53 out eth0", "accept", 9, " by x.yaml:9 allow dns"),
            ("udp 192.0.2.2 > 9.9.9.9:54 out eth0", "drop", nil, ": no line allows it"),
            (
                "tcp 10.0.0.1 > 9.9.9.9:443 in lan0 out eth0", "accept", 11,
                " by x.yaml:11 allow https in lan0 out eth0"
            ),
            ("tcp 10.0.0.1 > 9.9.9.9:443 in lan1 out eth0", "drop", nil, ": no line allows it"),
            ("tcp in eth0 flags none", "drop", nil, " by baseline impossible-flags"),
            ("tcp in lo", "accept", nil, " by baseline loopback"),
            ("tcp 2001:db8::7 > [2001:db8::2]:22 in eth0", "accept", 3, " by x.yaml:3 allow ssh"),
            ("icmpv6 fe80::7 > fe80::1 in eth0 type 135", "accept", nil, " by baseline neighbour-discovery"),
        ]
        let source = SourceFile(name: "x.yaml", text: Self.text.replacing("BACKEND", with: backend))
        let environment = PolicyEnvironment(ofPolicyAt: "x.yaml")
        let policy = try #require(PolicyReader.read(source: source, environment: environment).policy)
        var explainers: [IPFamily: PolicyExplainer] = [:]
        for family in IPFamily.allCases { explainers[family] = try PolicyExplainer(policy, family: family) }
        for (packet, verdict, line, reason) in asked {
            let description = try PacketText.read(packet)
            let family = description.resolvedFamily
            let explained = explainers[family]?.explain(description)
            let outcomes = try #require(explained)
            #expect(outcomes.verdict == verdict, "\(packet)")
            let said = explainers[family]?.reason(outcomes, description)
            #expect(said?.text == reason && said?.line == line, "\(packet): \(said?.text ?? "nothing")")
        }
    }

    /// What the rules say and what the policy means by it are held against each other elsewhere; here, that the answer
    /// and its reason never disagree.
    @Test(arguments: UInt64(1)...20)
    func `no reason is against its verdict`(seed: UInt64) throws {
        var random = RandomPolicy(seed: seed)
        let policy = random.policy(lines: 12)
        for family in IPFamily.allCases {
            var explainer = try PolicyExplainer(policy, family: family)
            for port in [22, 53, 80, 443, 3306, 8080] as [UInt16] {
                for way in ["in eth0", "out eth0", "in eth0 out eth1"] {
                    let words = "tcp port \(way) family \(family.rawValue)".replacing(
                        " port ",
                        with: " destinationPort \(port) "
                    )
                    let description = try PacketText.read(words)
                    let outcomes = explainer.explain(description)
                    guard let reason = explainer.reason(outcomes, description)?.text else { continue }
                    let passes = outcomes.verdict == "accept"
                    #expect(
                        !(passes && (reason.contains("no line") || reason.contains("deny"))),
                        "\(words)\(reason)"
                    )
                    #expect(
                        passes || !reason.contains(" allow ") || reason.hasSuffix("over its limit"),
                        "\(words)\(reason)"
                    )
                }
            }
        }
    }
}
