import PacketModel

/// `ah`, `esp` and `ipcomp`: the number under which both ends of IPsec know their keys (iptables-extensions(8)).
enum SecurityParameterMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "ah",
            .match,
            families: [.ipv4],
            options: [OptionSyntax("ahspi", index, invertible: true)],
            protocols: ProtocolNeed([51], "-p ah"),
            complete: { instance, context throws(Refusal) in
                instance.removeWhole("ahspi", to: highest, context.release)
            },
            examples: ["-p ah -m ah --ahspi 500", "-p ah -m ah"]
        ),
        ExtensionSyntax(
            "ah",
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("ahspi", index, invertible: true),
                OptionSyntax("ahlen", .number(0...UInt64(UInt32.max)), invertible: true),
                OptionSyntax("ahres", .flag),
            ],
            complete: { instance, context throws(Refusal) in
                instance.removeWhole("ahspi", to: highest, context.release)
                instance.remove("ahlen", ifEqual: .number(0))
            },
            examples: ["-m ah --ahspi 500 --ahres", "-m ah ! --ahlen 20", "-m ah"]
        ),
        ExtensionSyntax(
            "esp",
            .match,
            options: [OptionSyntax("espspi", index, invertible: true)],
            protocols: ProtocolNeed([50], "-p esp"),
            complete: { instance, context throws(Refusal) in
                instance.removeWhole("espspi", to: highest, context.release)
            },
            examples: ["-p esp -m esp --espspi 500:600", "-p esp -m esp"]
        ),
        ExtensionSyntax(
            "ipcomp",
            .match,
            options: [
                OptionSyntax("ipcompspi", index, invertible: true),
                OptionSyntax("compres", .flag),
            ],
            protocols: ProtocolNeed([108], "-p ipcomp"),
            complete: { instance, context throws(Refusal) in
                // The tool's own default is not every number here, as it is for the others.
                if !instance.has("ipcompspi") { instance.set("ipcompspi", .range(0, 0)) }
                instance.removeWhole("ipcompspi", to: highest, context.release)
            },
            examples: ["-p ipcomp -m ipcomp --ipcompspi 3:9", "-p ipcomp -m ipcomp"]
        ),
    ]

    private static let highest = UInt64(UInt32.max)

    private static let index = ValueSyntax.looseRange(to: highest)
}
