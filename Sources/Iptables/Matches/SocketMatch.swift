/// `socket`: packets that a socket of this host waits for (iptables-extensions(8)).
enum SocketMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "socket",
            .match,
            options: [
                OptionSyntax("transparent", .flag),
                OptionSyntax("nowildcard", .flag),
                OptionSyntax("restore-skmark", .flag),
            ],
            hooks: [.prerouting, .input],
            tracksConnections: { _ in true },
            examples: ["-m socket", "-m socket --transparent --restore-skmark"]
        )
    ]
}
