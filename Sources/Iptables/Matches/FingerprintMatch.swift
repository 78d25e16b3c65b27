import PacketModel

/// `osf`: the operating system that a SYN looks like (iptables-extensions(8)).
enum FingerprintMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "osf",
            .match,
            families: [.ipv4],
            options: [
                OptionSyntax("genre", genre, mandatory: true, invertible: true),
                OptionSyntax("ttl", .number(0...2)),
                OptionSyntax("log", .number(0...2)),
            ],
            protocols: .tcp,
            hooks: [.prerouting, .input, .forward],
            examples: ["-p tcp -m osf --genre Linux --ttl 1 --log 2", "-p tcp -m osf ! --genre Windows"]
        )
    ]

    /// The kernel keeps the start of a longer one.
    private static let genre = ValueSyntax(
        samples: ["Linux", "\"a b\"", "Linux:2.6", String(repeating: "x", count: 40), "\"\""],
        read: { words, _ throws(Refusal) in .text(Array(words[0].bytes.prefix(31))) },
        write: { $0.bytes }
    )
}
