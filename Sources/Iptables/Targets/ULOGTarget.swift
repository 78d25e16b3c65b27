import PacketModel

/// `ULOG`: the log that came before NFLOG (iptables-extensions(8)).
///
/// The kernel has it no longer: what the tool itself checks is checked.
enum ULOGTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "ULOG",
            .target,
            families: [.ipv4],
            options: [
                OptionSyntax("ulog-prefix", .text(atLeast: 1, kept: 31, isOneLine: true)),
                OptionSyntax("ulog-nlgroup", .number(1...32)),
                OptionSyntax("ulog-cprange", size),
                OptionSyntax("ulog-qthreshold", .number(1...50)),
            ],
            complete: { instance, _ throws(Refusal) in
                instance.remove("ulog-nlgroup", ifEqual: .number(1))
                instance.remove("ulog-cprange", ifEqual: .number(0))
                instance.remove("ulog-qthreshold", ifEqual: .number(1))
            },
            examples: ["-j ULOG", "-j ULOG --ulog-nlgroup 2 --ulog-prefix \"dropped: \""]
        )
    ]

    /// Any size; its lower 32 bits are printed.
    private static let size = ValueSyntax(
        samples: ["100", "0", "4294967296", "18446744073709551615", "-1", "x", ""],
        read: { words, _ throws(Refusal) in
            guard words[0].bytes.first != Ascii.dash,
                let number = NumberText.whole(words[0].bytes[...], in: 0...UInt64.max)
            else { throw Refusal("value.number", "\(words[0].text) is not a size in bytes") }
            return .number(number)
        },
        write: { Array("\(UInt32(truncatingIfNeeded: $0.number))".utf8) }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
