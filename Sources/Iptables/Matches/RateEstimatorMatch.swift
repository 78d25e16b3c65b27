import Diagnostics

/// `rateest`: compares what estimators of `RATEEST` measure (iptables-extensions(8)); they are taken to be there.
enum RateEstimatorMatch: MatchExtension {
    private static let kinds = ["bps", "pps"]
    private static let modes = ["rateest-lt", "rateest-gt", "rateest-eq"]

    static let syntaxes = [
        ExtensionSyntax(
            "rateest",
            .match,
            options: [
                OptionSyntax("rateest", name, excludes: ["rateest1"]),
                OptionSyntax("rateest1", name),
                OptionSyntax("rateest2", name),
                OptionSyntax("rateest-delta", .flag),
            ] + modes.map { OptionSyntax($0, .flag, invertible: true) }
                + kinds.flatMap { kind in
                    let value = kind == "bps" ? RateEstimatorText.bytes : RateEstimatorText.packets
                    return [
                        OptionSyntax("rateest-\(kind)1", value),
                        OptionSyntax("rateest-\(kind)", value, excludes: ["rateest-\(kind)2"]),
                        OptionSyntax("rateest-\(kind)2", value),
                    ]
                },
            arrangesItself: true,
            complete: { instance, _ throws(Refusal) in try complete(&instance) },
            examples: [
                "-m rateest --rateest one --rateest-gt --rateest-bps 1mbit",
                "-m rateest --rateest1 one --rateest-lt --rateest2 two --rateest-pps",
                "-m rateest --rateest-delta --rateest1 one --rateest-bps1 2mbit --rateest-gt --rateest2 two "
                    + "--rateest-bps2 1mbit",
            ]
        )
    ]

    /// The name of an estimator; the kernel keeps the start of a longer one.
    private static let name = ValueSyntax(
        samples: ["one", "two", "012345678901234", "0123456789012345", ""],
        read: { words, _ throws(Refusal) in
            guard !words[0].bytes.isEmpty else { throw Refusal("value.name", "the estimator has no name") }
            return .text(Array(words[0].bytes.prefix(15)))
        },
        write: { $0.bytes }
    )

    /// Checks what the kernel asks for (xt_rateest_mt_checkentry), and says it as the tool prints it: the comparison
    /// before each rate.
    private static func complete(_ instance: inout ExtensionInstance) throws(Refusal) {
        let syntax = instance.syntax
        guard let first = instance["rateest1"] ?? instance["rateest"] else {
            throw Refusal(
                "match.option.missing",
                "rateest needs the name of an estimator",
                fix: "write --rateest1"
            )
        }
        let compared = instance.given.filter { modes.contains(syntax.options[$0.option].name) }
        guard let mode = compared.last else {
            throw Refusal(
                "match.option.missing",
                "rateest needs one of --rateest-lt, --rateest-gt, --rateest-eq"
            )
        }
        let isDelta = instance.has("rateest-delta")
        let second = instance["rateest2"]
        var given: [ExtensionInstance.Given] = []
        func say(_ name: String, _ value: OptionValue) {
            given.append(ExtensionInstance.Given(option: syntax.place(name), value: value))
        }
        func sayMode() {
            given.append(
                ExtensionInstance.Given(
                    option: mode.option,
                    value: .none,
                    isNegated: compared.contains { $0.isNegated }
                )
            )
        }
        if isDelta { say("rateest-delta", .none) }
        say(second == nil ? "rateest" : "rateest1", first)
        var hasRate = false
        for option in kinds.map({ "rateest-" + $0 }) {
            let (low, high) = (instance[option + "1"], instance[option + "2"] ?? instance[option])
            guard low != nil || high != nil else { continue }
            hasRate = true
            if isDelta { say(option + "1", low ?? .number(0)) }
            sayMode()
            // Rates of two estimators are compared with each other, and have no number.
            say(isDelta ? option + "2" : option, second == nil || isDelta ? high ?? .number(0) : .none)
        }
        guard hasRate else {
            throw Refusal("match.option.missing", "rateest needs a rate: --rateest-bps or --rateest-pps")
        }
        if let second { say("rateest2", second) }
        instance.given = given
    }
}
