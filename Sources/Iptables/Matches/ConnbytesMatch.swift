/// `connbytes`: how much a connection has sent so far (iptables-extensions(8)).
enum ConnbytesMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "connbytes",
            .match,
            options: [
                OptionSyntax("connbytes", span, mandatory: true, invertible: true),
                OptionSyntax(
                    "connbytes-mode",
                    .keyword([["packets"], ["bytes"], ["avgpkt"]]),
                    mandatory: true
                ),
                OptionSyntax(
                    "connbytes-dir",
                    .keyword([["original"], ["reply"], ["both"]]),
                    mandatory: true
                ),
            ],
            tracksConnections: { _ in true },
            complete: { instance, _ throws(Refusal) in
                // The kernel knows what is negated by its ends being swapped.
                if case .range(let low, let high) = instance["connbytes"], low == high {
                    instance.set("connbytes", .range(low, high))
                }
            },
            examples: [
                "-m connbytes --connbytes 10000:100000 --connbytes-dir both --connbytes-mode bytes",
                "-m connbytes ! --connbytes 5 --connbytes-dir reply --connbytes-mode packets",
            ]
        )
    ]

    private static let bounds = ValueSyntax.looseRange(to: UInt64.max, mayBeBackwards: false)

    /// One number is a range from it on; an end of 0 is not printed.
    private static let span = ValueSyntax(
        samples: bounds.samples + [
            "0:0", "18446744073709551614", "1:18446744073709551614", "-5", "5:-5", "-0",
        ],
        read: { words, context throws(Refusal) in
            let value = try bounds.read(words, context)
            guard case .range(let low, _) = value, !words[0].bytes.contains(Ascii.colon) else { return value }
            return .range(low, .max)
        },
        write: { value in
            guard case .range(let low, let high) = value else { return [] }
            return Array((high == 0 || high == .max ? "\(low)" : "\(low):\(high)").utf8)
        }
    )
}
