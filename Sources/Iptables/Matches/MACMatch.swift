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
}
