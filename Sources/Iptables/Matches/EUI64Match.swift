import PacketModel

/// `eui64`: the address of IPv6 is made of the hardware address (iptables-extensions(8)).
enum EUI64Match: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "eui64",
            .match,
            families: [.ipv6],
            hooks: [.prerouting, .input, .forward],
            examples: ["-m eui64"]
        )
    ]
}
