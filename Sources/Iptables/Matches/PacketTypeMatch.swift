import PacketModel

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
                        [
                            ["unicast", "host"], ["broadcast", "bcast"], ["multicast", "mcast"],
                            ["otherhost"],
                        ],
                        ignoringCase: true
                    ),
                    mandatory: true,
                    invertible: true
                )
            ],
            examples: ["-m pkttype --pkt-type broadcast"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in
            let names: [(String, FrameType)] = [
                ("unicast", .host), ("broadcast", .broadcast), ("multicast", .multicast),
                ("otherhost", .otherHost),
            ]
            return names.first { OptionValue.keyword($0.0) == value }.map {
                .field(.frameType, is: $0.1.rawValue)
            }
        }
    }
}
