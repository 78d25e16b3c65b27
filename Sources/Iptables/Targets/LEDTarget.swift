import PacketModel

/// `LED`: a light for packets (iptables-extensions(8)).
enum LEDTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "LED",
            .target,
            options: [
                OptionSyntax("led-trigger-id", trigger, mandatory: true),
                OptionSyntax("led-delay", delay),
                OptionSyntax("led-always-blink", .flag),
            ],
            complete: { instance, _ throws(Refusal) in
                instance.remove("led-delay", ifEqual: .number(0))
            },
            examples: ["-j LED --led-trigger-id ssh --led-delay 1000"]
        )
    ]

    private static let longestTrigger = 16

    private static let trigger = ValueSyntax(
        samples: ["ssh", "\"\"", "a234567890123456", "a2345678901234567"],
        read: { words, _ throws(Refusal) in
            guard words[0].bytes.count <= longestTrigger else {
                throw Refusal("value.text.long", "the name has at most \(longestTrigger) bytes")
            }
            return .text(words[0].bytes)
        },
        write: { value in
            var text = [Ascii.quote]
            for byte in value.bytes {
                if byte == Ascii.quote || byte == Ascii.backslash { text.append(Ascii.backslash) }
                text.append(byte)
            }
            return text + [Ascii.quote]
        }
    )

    /// Milliseconds, or what begins with `inf` for ever, which is printed as -1.
    private static let delay = ValueSyntax(
        samples: ["1000", "0", "inf", "INF", "infx", "4294967295", "4294967296", "-1", "5x", "x", ""],
        read: { words, _ throws(Refusal) in
            if words[0].text.lowercased().hasPrefix("inf") { return .number(UInt64(UInt32.max)) }
            guard let number = NumberText.whole(words[0].bytes[...], in: 0...UInt64(UInt32.max)) else {
                throw Refusal("value.number", "\(words[0].text) is not a time: milliseconds, or inf")
            }
            return .number(number)
        },
        write: { Array("\(Int32(truncatingIfNeeded: $0.number))".utf8) }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
