import Diagnostics
import Netfilter
import PacketModel

/// `REJECT` (iptables-extensions(8)).
enum RejectTarget: TargetExtension {
    static let syntaxes = [
        syntax(
            .ipv4,
            [
                ["icmp-net-unreachable", "net-unreach"], ["icmp-host-unreachable", "host-unreach"],
                ["icmp-proto-unreachable", "proto-unreach"], ["icmp-port-unreachable", "port-unreach"],
                ["icmp-net-prohibited", "net-prohib"], ["icmp-host-prohibited", "host-prohib"],
                ["tcp-reset", "tcp-rst"], ["icmp-admin-prohibited", "admin-prohib"],
            ],
            usual: "icmp-port-unreachable"
        ),
        syntax(
            .ipv6,
            [
                ["icmp6-no-route", "no-route"], ["icmp6-adm-prohibited", "adm-prohibited"],
                ["icmp6-addr-unreachable", "addr-unreach"], ["icmp6-port-unreachable", "port-unreach"],
                ["tcp-reset"], ["icmp6-policy-fail", "policy-fail"], ["icmp6-reject-route", "reject-route"],
            ],
            usual: "icmp6-port-unreachable"
        ),
    ]

    private static func syntax(_ family: IPFamily, _ answers: [[String]], usual: String) -> ExtensionSyntax {
        ExtensionSyntax(
            "REJECT",
            .target,
            families: [family],
            options: [OptionSyntax("reject-with", answer(answers))],
            tables: [.filter],
            hooks: [.input, .forward, .output],
            complete: { instance, context throws(Refusal) in
                if !instance.has("reject-with") { instance.set("reject-with", .keyword(usual)) }
                guard instance["reject-with"] == .keyword("tcp-reset") else { return }
                guard context.transportProtocol == ProtocolTest(number: 6, isNegated: false) else {
                    throw Refusal("target.protocol", "tcp-reset answers TCP only", fix: "write -p tcp")
                }
            },
            examples: ["-p tcp -j REJECT --reject-with tcp-reset", "-j REJECT --reject-with \(usual)"]
        )
    }

    /// The first name, long or short, that begins so.
    private static func answer(_ answers: [[String]]) -> ValueSyntax {
        ValueSyntax(
            samples: answers.flatMap(\.self) + [
                "icmp", "tcp", "ICMP-net", "NO-ROUTE", "echo-reply", "x", "",
            ],
            read: { words, _ throws(Refusal) in
                let wanted = words[0].text.lowercased()
                guard let found = answers.first(where: { $0.contains { $0.hasPrefix(wanted) } }) else {
                    throw Refusal(
                        "value.unknown",
                        "\(words[0].text) is no answer of REJECT",
                        fix: NearestSpelling.fix(for: words[0].text, among: answers.flatMap(\.self))
                    )
                }
                return .keyword(found[0])
            },
            write: { $0.bytes }
        )
    }

    static func words(_ rejection: Rejection, in context: RuleContext) throws(Inexpressible) -> [String] {
        ["-j", "REJECT", "--reject-with", try answer(rejection, in: context)]
    }

    private static func answer(_ rejection: Rejection, in context: RuleContext) throws(Inexpressible)
        -> String
    {
        switch (rejection, context.family) {
        case (.reset, _):
            guard context.transportProtocol == .tcp else {
                throw Inexpressible("a rule that answers with a reset must ask for TCP")
            }
            return "tcp-reset"
        case (.prohibited, .ipv4): return "icmp-admin-prohibited"
        case (.prohibited, .ipv6): return "icmp6-adm-prohibited"
        case (.unreachable(let code), _): throw Inexpressible("an answer of the code \(code)")
        }
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        guard let answer = instance["reject-with"] else { return nil }
        if answer == .keyword("tcp-reset") { return .verdict(.reject(.reset)) }
        let codes: [(String, UInt8)] =
            family == .ipv4
            ? [
                ("icmp-net-unreachable", 0), ("icmp-host-unreachable", 1), ("icmp-proto-unreachable", 2),
                ("icmp-port-unreachable", 3), ("icmp-net-prohibited", 9), ("icmp-host-prohibited", 10),
                ("icmp-admin-prohibited", 13),
            ]
            : [
                ("icmp6-no-route", 0), ("icmp6-adm-prohibited", 1), ("icmp6-addr-unreachable", 3),
                ("icmp6-port-unreachable", 4), ("icmp6-policy-fail", 5), ("icmp6-reject-route", 6),
            ]
        return codes.first { OptionValue.keyword($0.0) == answer }.map {
            .verdict(.reject(.unreachable(code: $0.1)))
        }
    }
}
