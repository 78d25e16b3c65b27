import PacketModel

/// `IDLETIMER`: says when packets stayed away for a time (iptables-extensions(8)).
enum IdleTimerTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "IDLETIMER",
            .target,
            options: [
                OptionSyntax("timeout", .number(0...UInt64(UInt32.max)), mandatory: true),
                OptionSyntax("label", label, mandatory: true),
                OptionSyntax("alarm", .flag),
            ],
            sharing: (name: "label", others: ["alarm"]),
            complete: { instance, _ throws(Refusal) in
                guard let seconds = instance["timeout"]?.number, timeouts.contains(seconds) else {
                    throw Refusal(
                        "value.number",
                        "the timeout has \(timeouts.lowerBound) to \(timeouts.upperBound) seconds"
                    )
                }
            },
            examples: [
                "-j IDLETIMER --timeout 10 --label timers",
                "-j IDLETIMER --timeout 10 --label timers --alarm",
            ]
        )
    ]

    /// The kernel counts in milliseconds (net/netfilter/xt_IDLETIMER.c).
    private static let timeouts: ClosedRange<UInt64> = 1...2_147_482

    private static let longestLabel = 27

    /// The name of a file below `/sys/class/xt_idletimer`; the end of a longer one is lost.
    private static let label = ValueSyntax(
        samples: [
            "timers", "\"timers b\"", "\"\"", ".", "..", "a/b", "power", "subsystem", "uevent",
            "timers2345678901234567890123456789",
        ],
        read: { words, _ throws(Refusal) in
            let name = Word(Array(words[0].bytes.prefix(longestLabel)), words[0].range)
            guard !name.bytes.isEmpty, !name.bytes.contains(Ascii.slash),
                ![".", "..", "power", "subsystem", "uevent"].contains(name.text)
            else {
                throw Refusal(
                    "value.label",
                    "\(name.text.isEmpty ? "nothing" : name.text) is not a name of a timer"
                )
            }
            return .text(name.bytes)
        },
        write: { $0.bytes }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
