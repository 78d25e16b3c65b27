import PacketModel

/// `mark` of the packet and `connmark` of its connection (iptables-extensions(8)).
enum MarkMatch: MatchExtension {
    static let syntaxes = ["mark", "connmark"].map { name in
        ExtensionSyntax(
            name,
            .match,
            options: [OptionSyntax("mark", .mark, mandatory: true, invertible: true)],
            tracksConnections: { _ in name == "connmark" },
            examples: ["-m \(name) --mark 1", "-m \(name) ! --mark 0x10/0xf0"]
        )
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in
            value.condition(instance.syntax.name == "mark" ? .mark : .connectionMark)
        }
    }
}
