import PacketModel

/// `AUDIT`: a record of the audit daemon (iptables-extensions(8)).
enum AuditTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "AUDIT",
            .target,
            options: [
                OptionSyntax(
                    "type",
                    .keyword([["accept"], ["drop"], ["reject"]], ignoringCase: true),
                    mandatory: true
                )
            ],
            examples: ["-j AUDIT --type drop"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
