import PacketModel

/// `SECMARK`, the mark of SELinux on a packet, and `CONNSECMARK`, that of its connection (iptables-extensions(8)).
///
/// What `--selctx` names is taken to be known to the host.
enum SecurityMarkTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "SECMARK",
            .target,
            options: [OptionSyntax("selctx", context, mandatory: true)],
            tables: [.mangle, .security],
            examples: ["-j SECMARK --selctx system_u:object_r:http_packet_t:s0"]
        ),
        ExtensionSyntax(
            "CONNSECMARK",
            .target,
            options: [
                OptionSyntax("save", .flag, excludes: ["restore"]),
                OptionSyntax("restore", .flag, excludes: ["save"]),
            ],
            tables: [.mangle, .security],
            tracksConnections: { _ in true },
            oneOf: ["save", "restore"],
            examples: ["-j CONNSECMARK --save", "-j CONNSECMARK --restore"]
        ),
    ]

    /// In bytes (SECMARK_SECCTX_MAX with its terminator); the end of a longer one is lost.
    private static let longestContext = 255

    private static let context = ValueSyntax(
        samples: [],
        read: { words, _ throws(Refusal) in
            guard !words[0].bytes.isEmpty else { throw Refusal("value.text.empty", "the context is empty") }
            return .text(Array(words[0].bytes.prefix(longestContext)))
        },
        write: { $0.bytes }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
