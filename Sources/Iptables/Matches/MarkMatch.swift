/// `mark` of the packet and `connmark` of its connection (iptables-extensions(8)).
enum MarkMatch: MatchExtension {
    static let syntaxes = ["mark", "connmark"].map { name in
        ExtensionSyntax(
            name,
            .match,
            options: [OptionSyntax("mark", .mark, mandatory: true, invertible: true)],
            examples: ["-m \(name) --mark 1", "-m \(name) ! --mark 0x10/0xf0"]
        )
    }
}
