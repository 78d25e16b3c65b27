import PacketModel

/// `sctp`: ports and chunks (iptables-extensions(8)).
enum SCTPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "sctp",
            .match,
            options: [
                OptionSyntax("sport", aliases: ["source-port"], .portsOfSCTP, invertible: true),
                OptionSyntax("dport", aliases: ["destination-port"], .portsOfSCTP, invertible: true),
                OptionSyntax("chunk-types", chunks, invertible: true),
            ],
            protocols: ProtocolNeed([132], "-p sctp"),
            examples: ["-p sctp -m sctp --dport 80", "-p sctp -m sctp --chunk-types any INIT"]
        )
    ]

    /// Their numbers (linux/sctp.h).
    private static let names: [(name: String, number: UInt64)] = [
        ("DATA", 0), ("INIT", 1), ("INIT_ACK", 2), ("SACK", 3), ("HEARTBEAT", 4), ("HEARTBEAT_ACK", 5),
        ("ABORT", 6),
        ("SHUTDOWN", 7), ("SHUTDOWN_ACK", 8), ("ERROR", 9), ("COOKIE_ECHO", 10), ("COOKIE_ACK", 11),
        ("ECN_ECNE", 12),
        ("ECN_CWR", 13), ("SHUTDOWN_COMPLETE", 14), ("I_DATA", 64), ("RE_CONFIG", 130), ("PAD", 132),
        ("ASCONF", 193),
        ("ASCONF_ACK", 128), ("FORWARD_TSN", 192), ("I_FORWARD_TSN", 194),
    ]

    /// `all`, `any` or `only`, and the types. Flags of a type (`DATA:BE`) are not read yet.
    private static let chunks = ValueSyntax(
        words: 2,
        samples: [
            "any INIT", "all DATA,INIT", "only INIT,DATA", "any ALL", "any NONE", "ANY init", "foo INIT",
            "any FOO", "any INIT,",
            "any ASCONF,FORWARD_TSN,ASCONF_ACK", "any I_DATA,RE_CONFIG,PAD,I_FORWARD_TSN", "none INIT", "any",
        ],
        read: { words, _ throws(Refusal) in
            let kind = try ValueSyntax.canonicalKeyword(words[0].text, kinds.map { [$0] }, ignoringCase: true)
            var numbers: Set<UInt64> = []
            for part in words[1].text.split(separator: ",") {
                if part.contains(":") {
                    throw Refusal("value.unread", "Wallwright does not read the flags of chunks yet")
                }
                switch part.uppercased() {
                case "ALL": numbers.formUnion(0...255)
                case "NONE": numbers = []
                default:
                    guard let known = names.first(where: { $0.name == part.uppercased() }) else {
                        throw Refusal("value.unknown", "\(part) is no type of chunk")
                    }
                    numbers.insert(known.number)
                }
            }
            return .list([.keyword(kind)] + numbers.sorted().map { .number($0) })
        },
        write: { value in
            let chosen = value.items.dropFirst().map(\.number)
            let shown = chosen.compactMap { number in names.first { $0.number == number }?.name }
            let types = chosen.isEmpty ? "NONE" : chosen.count == 256 ? "ALL" : shown.joined(separator: ",")
            return (value.items.first?.bytes ?? []) + Array(" \(types)".utf8)
        }
    )

    private static let kinds = ["all", "any", "only"]

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
