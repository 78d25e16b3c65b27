import PacketModel

/// `statistic`: some of the packets, by chance or by count (iptables-extensions(8)).
enum StatisticMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "statistic",
            .match,
            options: [
                OptionSyntax("mode", .keyword([["random"], ["nth"]]), mandatory: true),
                OptionSyntax("probability", probability, invertible: true, excludes: ["every", "packet"]),
                OptionSyntax(
                    "every",
                    .number(1...UInt64(UInt32.max)),
                    invertible: true,
                    requires: ["packet"]
                ),
                OptionSyntax("packet", .number(0...UInt64(UInt32.max)), requires: ["every"]),
            ],
            complete: { instance, _ throws(Refusal) in
                guard instance["mode"] == .keyword("nth") else {
                    guard instance.has("probability") else {
                        throw Refusal("match.option.missing", "the mode random needs --probability")
                    }
                    return
                }
                guard let every = instance["every"]?.number, let packet = instance["packet"]?.number else {
                    throw Refusal("match.option.missing", "the mode nth needs --every and --packet")
                }
                guard packet < every else {
                    throw Refusal("value.number", "--packet counts from 0 to \(every - 1) here")
                }
            },
            examples: [
                "-m statistic --mode random --probability 0.5",
                "-m statistic --mode nth --every 3 --packet 0",
            ]
        )
    ]

    /// The kernel compares 31 bits of chance with it.
    private static let scale = 2_147_483_648.0

    /// A part of one, kept as the number of the kernel.
    private static let probability = ValueSyntax(
        samples: [
            "0.5", "0", "1", "0.1", ".25", "0.33", "1e-3", "0.0000000001", "1.1", "-1", "x", "\" 0.5\"", "",
        ],
        read: { words, _ throws(Refusal) in
            guard let part = Double(words[0].text.drop(while: \.isWhitespace)), (0...1).contains(part) else {
                throw Refusal("value.number", "\(words[0].text) is not a number from 0 to 1")
            }
            return .number(UInt64((part * scale).rounded()))
        },
        write: { Array(decimal($0.number).utf8) }
    )

    /// With eleven places; what lies between two is rounded as printf(3) does it.
    private static func decimal(_ value: UInt64) -> String {
        let places: UInt128 = 100_000_000_000
        let (whole, rest) = (UInt128(value) * places).quotientAndRemainder(dividingBy: 2_147_483_648)
        let half: UInt128 = 1_073_741_824
        let rounded = whole + (rest > half || (rest == half && whole % 2 == 1) ? 1 : 0)
        let digits = String(rounded % places)
        return "\(rounded / places)." + String(repeating: "0", count: 11 - digits.count) + digits
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        // Chance is not known.
        guard let every = instance["every"]?.number, let packet = instance["packet"]?.number else {
            return nil
        }
        let nth = StatefulPredicate.everyNth(
            UInt32(truncatingIfNeeded: every),
            offset: UInt32(truncatingIfNeeded: packet)
        )
        return [Condition.stateful(nth).negated(instance.isNegated("every"))]
    }
}
