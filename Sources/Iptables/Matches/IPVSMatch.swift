/// `ipvs`: connections of a virtual server (iptables-extensions(8)).
enum IPVSMatch: MatchExtension {
    private static let details = ["vproto", "vaddr", "vport", "vdir", "vmethod", "vportctl"]

    static let syntaxes = [
        ExtensionSyntax(
            "ipvs",
            .match,
            options: [
                OptionSyntax("ipvs", .flag, invertible: true),
                OptionSyntax("vproto", .protocolNumber, invertible: true),
                OptionSyntax("vaddr", .looseNetwork, invertible: true),
                OptionSyntax("vport", port, invertible: true),
                OptionSyntax("vdir", .keyword([["ORIGINAL"], ["REPLY"]], ignoringCase: true)),
                OptionSyntax(
                    "vmethod",
                    .keyword([["GATE"], ["IPIP"], ["MASQ"]], ignoringCase: true),
                    invertible: true
                ),
                OptionSyntax("vportctl", port, invertible: true),
            ],
            oneOf: ["ipvs"] + details,
            complete: { instance, _ throws(Refusal) in
                guard details.contains(where: instance.has) else { return }
                guard !instance.isNegated("ipvs") else {
                    throw Refusal("match.option.excluded", "! --ipvs stands alone")
                }
                instance.remove("ipvs")
            },
            examples: ["-m ipvs --ipvs", "-m ipvs --vproto tcp --vport 80 --vdir ORIGINAL"]
        )
    ]

    private static let port = ValueSyntax(
        samples: ["80", "http"],
        read: { words, context throws(Refusal) in .number(try PortText.resolved(words[0].bytes[...], context))
        },
        write: { Array("\($0.number)".utf8) }
    )
}
