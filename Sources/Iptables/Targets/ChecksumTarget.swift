import PacketModel

/// `CHECKSUM`: fills it in for those who cannot (iptables-extensions(8)).
enum ChecksumTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "CHECKSUM",
            .target,
            options: [OptionSyntax("checksum-fill", .flag, mandatory: true)],
            tables: [.mangle],
            examples: ["-j CHECKSUM --checksum-fill"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
