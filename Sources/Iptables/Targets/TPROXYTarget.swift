import PacketModel

/// `TPROXY`: to a socket of this host, without changing the packet (iptables-extensions(8)).
enum TPROXYTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "TPROXY",
            .target,
            options: [
                OptionSyntax("on-port", port, mandatory: true),
                OptionSyntax("on-ip", .address),
                OptionSyntax("tproxy-mark", .masked(to: UInt64(UInt32.max), alwaysMask: true)),
            ],
            protocols: ProtocolNeed([6, 17], "-p tcp or -p udp"),
            tables: [.mangle],
            hooks: [.prerouting],
            tracksConnections: { _ in true },
            complete: { instance, context throws(Refusal) in
                let nobody = IPAddress(family: context.family, value: 0)
                if !instance.has("on-ip") { instance.set("on-ip", .addressRange(nobody, nobody)) }
                if !instance.has("tproxy-mark") { instance.set("tproxy-mark", .masked(0, mask: 0)) }
            },
            examples: [
                "-p tcp -j TPROXY --on-port 3128", "-p udp -j TPROXY --on-port 53 --tproxy-mark 0x1/0x1",
            ]
        )
    ]

    private static let port = ValueSyntax(
        samples: ["80", "0", "65535", "65536", "ssh", "0x50", "80:90", "80-90", "nosuchservice", "-1", ""],
        read: { words, context throws(Refusal) in
            .number(try PortText.resolved(words[0].bytes[...], context))
        },
        write: { Array("\($0.number)".utf8) }
    )
}
