/// `SYNPROXY`: answers for servers until a connection stands (iptables-extensions(8)).
enum SYNPROXYTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "SYNPROXY",
            .target,
            options: [
                OptionSyntax("sack-perm", .flag),
                OptionSyntax("timestamp", .flag),
                OptionSyntax("wscale", number(mask: 0xFF)),
                OptionSyntax("mss", number(mask: 0xFFFF)),
                OptionSyntax("ecn", .flag),
            ],
            protocols: ProtocolNeed([6], "-p tcp"),
            hooks: [.input, .forward],
            tracksConnections: { _ in true },
            examples: [
                "-p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460", "-p tcp -j SYNPROXY",
            ]
        )
    ]

    /// A number of 32 bits, of which the kernel's structure keeps the lower ones.
    private static func number(mask: UInt64) -> ValueSyntax {
        let whole = ValueSyntax.number(0...UInt64(UInt32.max))
        return ValueSyntax(
            samples: whole.samples + ["7", "\(mask)", "\(mask + 1)"],
            read: { words, context throws(Refusal) in
                .number(try whole.read(words, context).number & mask)
            },
            write: whole.write
        )
    }
}
