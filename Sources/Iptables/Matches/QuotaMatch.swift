import PacketModel

/// `quota`: as many bytes as the rule has left (iptables-extensions(8)).
enum QuotaMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "quota",
            .match,
            options: [OptionSyntax("quota", .number(0...UInt64.max), mandatory: true, invertible: true)],
            examples: ["-m quota --quota 1000000", "-m quota ! --quota 5"]
        )
    ]

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in .stateful(.quota(bytes: value.number)) }
    }
}
