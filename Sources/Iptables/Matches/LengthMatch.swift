import PacketModel

/// `length`: of the packet with its header of IPv4, without that of IPv6 (iptables-extensions(8)).
enum LengthMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "length",
            .match,
            options: [OptionSyntax("length", .looseRange(to: 65_535), mandatory: true, invertible: true)],
            examples: ["-m length --length 40:100", "-m length ! --length 1500"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in value.condition(.length) }
    }
}
