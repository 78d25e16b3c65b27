import Diagnostics
import PacketModel

/// `dccp`: ports, types and options of DCCP (iptables-extensions(8), RFC 4340).
enum DCCPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "dccp",
            .match,
            options: PortText.options(.resolvedPorts) + [
                OptionSyntax("dccp-types", types, invertible: true),
                OptionSyntax("dccp-option", .number(1...255), invertible: true),
            ],
            protocols: ProtocolNeed([33], "-p dccp"),
            examples: [
                "-p dccp -m dccp --dport 80", "-p dccp -m dccp --dccp-types REQUEST,RESET --dccp-option 5",
            ]
        )
    ]

    /// In the order of their numbers; the last stands for all from 10 on.
    private static let names = [
        "REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK",
        "INVALID",
    ]

    private static let types = ValueSyntax.bitNames(
        names,
        isLoose: true,
        samples: [
            "RESET,REQUEST", "request", "REQUEST,,DATA,", "REQ", "10", "REQUEST,nosuch", "REQUEST,REQUEST",
            "",
        ]
    )

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions(PortText.condition)
    }
}
