/// `pkttype`: whom the frame was for (iptables-extensions(8)).
enum PacketTypeMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "pkttype",
            .match,
            options: [
                OptionSyntax(
                    "pkt-type",
                    .keyword(
                        [["unicast", "host"], ["broadcast"], ["multicast"], ["otherhost"]],
                        ignoringCase: true
                    ),
                    mandatory: true,
                    invertible: true
                )
            ],
            examples: ["-m pkttype --pkt-type broadcast"]
        )
    ]
}
