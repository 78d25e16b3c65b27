import PacketModel

/// `mac`: the hardware address that a frame came from (iptables-extensions(8)).
enum MACMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "mac",
            .match,
            options: [OptionSyntax("mac-source", .mac, mandatory: true, invertible: true)],
            hooks: [.prerouting, .input, .forward],
            examples: ["-m mac --mac-source 02:00:00:00:00:01"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in
            .field(.sourceMAC, is: value.bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }
}
