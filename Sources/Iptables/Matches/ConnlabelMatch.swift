/// `connlabel`: labels of a connection, by their numbers (iptables-extensions(8)).
enum ConnlabelMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "connlabel",
            .match,
            options: [
                OptionSyntax("label", label, mandatory: true, invertible: true),
                OptionSyntax("set", .flag),
            ],
            tracksConnections: { _ in true },
            examples: ["-m connlabel --label 5", "-m connlabel ! --label 127 --set"]
        )
    ]

    /// XT_CONNLABEL_MAXBIT (linux/netfilter/xt_connlabel.h).
    private static let highest: UInt64 = 127

    /// A number as strtoul(3) reads it, cut to the sixteen bits of the kernel's structure.
    private static let label = ValueSyntax(
        samples: [
            "5", "0", "127", "128", "0x10", "017", "\" 5\"", "+5", "65541", "4294967296", "4294967301",
            "2147483648", "-1", "5x", "5/1", "nosuch", "",
        ],
        read: { words, _ throws(Refusal) in
            let (value, rest) = NumberText.loosePrefix(words[0].bytes[...])
            guard !words[0].bytes.isEmpty, rest.isEmpty, Int32(truncatingIfNeeded: value) >= 0 else {
                throw Refusal(
                    "value.label",
                    "\(words[0].text) is not a number of a label; names are not looked up"
                )
            }
            let kept = UInt64(UInt16(truncatingIfNeeded: value))
            guard kept <= highest else {
                throw Refusal("value.label", "the labels are 0 to \(highest)")
            }
            return .number(kept)
        },
        write: { Array("\"\($0.number)\"".utf8) }
    )
}
