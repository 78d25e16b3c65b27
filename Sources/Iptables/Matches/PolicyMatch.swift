import Diagnostics

/// `policy`: what IPsec did or will do with the packet (iptables-extensions(8)).
enum PolicyMatch: MatchExtension {
    private static let highest = UInt64(UInt32.max)

    static let syntaxes = [
        ExtensionSyntax(
            "policy",
            .match,
            options: [
                OptionSyntax("dir", .keyword([["in"], ["out"]]), mandatory: true),
                OptionSyntax("pol", .keyword([["ipsec"], ["none"]])),
                OptionSyntax("strict", .flag),
            ] + elementOptions + [OptionSyntax("next", .flag, repeatable: true, requires: ["strict"])],
            arrangesItself: true,
            complete: { instance, context throws(Refusal) in
                try checkHook(instance, context)
                let elements = try elements(of: instance)
                if !instance.has("pol") { instance.set("pol", .keyword("ipsec")) }
                let next = instance.syntax.place("next")
                let first = instance.syntax.place(elementOptions[0].name)
                var given = instance.given.filter { $0.option < first }.sorted { $0.option < $1.option }
                for (number, element) in elements.enumerated() {
                    if number > 0 { given.append(ExtensionInstance.Given(option: next, value: .none)) }
                    given += element.sorted { $0.option < $1.option }
                }
                instance.given = given
            },
            examples: [
                "-m policy --dir in --pol ipsec --proto esp --mode tunnel --reqid 16385",
                "-m policy --dir out --pol none",
                "-m policy --dir in --pol ipsec --strict --reqid 1 --next --proto ah --spi 0x100",
            ]
        )
    ]

    /// What is asked of one step of IPsec.
    private static let elementOptions = [
        OptionSyntax("reqid", .number(0...highest), invertible: true, repeatable: true),
        OptionSyntax("spi", .number(0...highest, as: .hex(width: 1)), invertible: true, repeatable: true),
        OptionSyntax("proto", step, invertible: true, repeatable: true),
        OptionSyntax("mode", .keyword([["transport"], ["tunnel"]]), invertible: true, repeatable: true),
        OptionSyntax("tunnel-dst", .looseNetwork, invertible: true, repeatable: true),
        OptionSyntax("tunnel-src", .looseNetwork, invertible: true, repeatable: true),
    ]

    /// AH, ESP or IPComp, printed by the name of the protocol.
    private static let step = ValueSyntax(
        samples: ["esp", "50", "ah", "51", "ipcomp", "108", "tcp", "6", "ESP", "0x32", "nosuch", ""],
        read: { words, context throws(Refusal) in
            let number = try ValueSyntax.protocolNumber.read(words, context).number
            guard [50, 51, 108].contains(number) else {
                throw Refusal("value.unknown", "\(words[0].text) is none of ah, esp, ipcomp")
            }
            return .keyword(context.names.protocolName(UInt8(number)) ?? "\(number)")
        },
        write: { $0.bytes }
    )

    /// XT_POLICY_MAX_ELEM (linux/netfilter/xt_policy.h).
    private static let mostElements = 4

    /// Its steps, none when no IPsec is asked for: the tool does not look at them then.
    private static func elements(
        of instance: ExtensionInstance
    ) throws(Refusal) -> [ArraySlice<ExtensionInstance.Given>] {
        let next = instance.syntax.place("next")
        let first = instance.syntax.place(elementOptions[0].name)
        let steps = instance.given.filter { $0.option >= first }
        let elements = steps.split(omittingEmptySubsequences: false) { $0.option == next }
        guard elements.count <= mostElements else {
            throw Refusal("match.policy.depth", "a policy has at most \(mostElements) elements")
        }
        for element in elements {
            guard Set(element.map(\.option)).count == element.count else {
                throw Refusal("command.option.twice", "an option is given twice in one element")
            }
        }
        if instance["pol"] == .keyword("none") {
            guard !instance.has("strict"), elements.count == 1 else {
                throw Refusal(
                    "match.option.excluded",
                    "no policy has no elements: --strict and --next are for ipsec"
                )
            }
            return []
        }
        for element in elements {
            if element.isEmpty, instance.has("strict") {
                throw Refusal("match.policy.empty", "with --strict each element asks for something")
            }
            try checkTunnel(element, of: instance.syntax)
        }
        return elements
    }

    /// Ends are those of a tunnel; without `--mode` the tool takes transport.
    private static func checkTunnel(
        _ element: ArraySlice<ExtensionInstance.Given>,
        of syntax: ExtensionSyntax
    ) throws(Refusal) {
        let ends = [syntax.place("tunnel-src"), syntax.place("tunnel-dst")]
        guard element.contains(where: { ends.contains($0.option) }) else { return }
        let mode = element.first { $0.option == syntax.place("mode") }
        let isTunnel = mode.map { ($0.value == .keyword("tunnel")) != $0.isNegated } ?? false
        guard isTunnel else {
            throw Refusal(
                "match.policy.tunnel",
                "--tunnel-src and --tunnel-dst are for tunnels",
                fix: "write --mode tunnel"
            )
        }
    }

    /// policy_mt_check of the kernel.
    private static func checkHook(_ instance: ExtensionInstance, _ context: ReadingContext) throws(Refusal) {
        let isIn = instance["dir"] == .keyword("in")
        switch context.hook {
        case .prerouting, .input:
            if isIn { return }
            throw Refusal(
                "match.hook",
                "the policy of leaving is not known in \(context.chain)",
                fix: "write --dir in"
            )
        case .output, .postrouting:
            if !isIn { return }
            throw Refusal("match.hook", "packets that leave have no policy of coming", fix: "write --dir out")
        case .forward, nil: return
        }
    }
}
