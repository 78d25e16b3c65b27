import Diagnostics
import PacketModel

/// `dccp`: ports, types and options of DCCP (iptables-extensions(8), RFC 4340).
enum DCCPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "dccp",
            .match,
            options: [
                OptionSyntax("sport", aliases: ["source-port"], .resolvedPorts, invertible: true),
                OptionSyntax("dport", aliases: ["destination-port"], .resolvedPorts, invertible: true),
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

    private static let types = ValueSyntax(
        samples: names + [
            names.joined(separator: ","), "RESET,REQUEST", "request", "REQUEST,,DATA,", "REQ", "10",
            "REQUEST,nosuch", "REQUEST,REQUEST", "",
        ],
        read: { words, _ throws(Refusal) in
            var bits: UInt64 = 0
            for part in words[0].text.split(separator: ",") {
                guard let place = names.firstIndex(of: part.uppercased()) else {
                    throw Refusal(
                        "value.unknown",
                        "\(part) is none of \(names.joined(separator: ", "))",
                        fix: NearestSpelling.fix(for: String(part), among: names)
                    )
                }
                bits |= 1 << UInt64(place)
            }
            return .number(bits)
        },
        write: { value in
            let chosen = names.enumerated().filter { value.number >> UInt64($0.offset) & 1 == 1 }
            return Array(chosen.map(\.element).joined(separator: ",").utf8)
        }
    )

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            switch option {
            case "sport": value.condition(.sourcePort)
            case "dport": value.condition(.destinationPort)
            default: nil
            }
        }
    }
}
