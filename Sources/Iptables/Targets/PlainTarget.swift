/// `NOTRACK` and `TRACE`, which take no options (iptables-extensions(8)).
enum PlainTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax("NOTRACK", .target, tables: [.raw], examples: ["-j NOTRACK"]),
        ExtensionSyntax("TRACE", .target, examples: ["-j TRACE"]),
    ]
}
