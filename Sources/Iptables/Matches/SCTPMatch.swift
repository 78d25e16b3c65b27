import PacketModel

/// `sctp`: ports and chunks (iptables-extensions(8)).
enum SCTPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "sctp",
            .match,
            options: PortText.options(.portsOfSCTP) + [
                OptionSyntax("chunk-types", chunks, invertible: true)
            ],
            protocols: ProtocolNeed([132], "-p sctp"),
            examples: ["-p sctp -m sctp --dport 80", "-p sctp -m sctp --chunk-types any INIT"]
        )
    ]

    private static let chunks = ValueSyntax(
        words: 2,
        samples: [
            "any INIT", "all DATA,INIT", "only INIT,DATA", "any ALL", "any NONE", "ANY init", "foo INIT",
            "any FOO",
            "any INIT,", "any ASCONF,FORWARD_TSN,ASCONF_ACK", "any I_DATA,RE_CONFIG,PAD,I_FORWARD_TSN",
            "none INIT",
            "any", "any ALL,INIT", "any NONE,INIT", "any all", "any \"\"", "any ,", "all DATA:BE",
            "any DATA:Be,ABORT:t",
            "any DATA:eB", "any DATA:Uu", "any DATA:IUBE", "any DATA:X", "any INIT:T", "any INIT:-",
            "any DATA:",
            "any DATA:B:E", "any I_DATA:BE", "any DATA:B,DATA:E,data:-", "any ALL:T",
            "only SHUTDOWN_COMPLETE:T",
            "any DATA:B,ABORT:T,SHUTDOWN_COMPLETE:t,I_DATA:b",
            "any DATA:B,ABORT:T,SHUTDOWN_COMPLETE:t,I_DATA:b,PAD:-",
        ],
        read: { words, _ throws(Refusal) in
            let kind = try ValueSyntax.canonicalKeyword(words[0].text, kinds.map { [$0] }, ignoringCase: true)
            return .list([.keyword(kind)] + (try ChunkText.chunks(words[1].text)))
        },
        write: { value in
            let chunks = ChunkText.text(value.items.dropFirst())
            return (value.items.first?.bytes ?? []) + Array(" \(chunks)".utf8)
        }
    )

    private static let kinds = ["all", "any", "only"]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions(PortText.condition)
    }
}
