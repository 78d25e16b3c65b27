/// `helper`: connections that a helper of connection tracking expects or watches (iptables-extensions(8)).
enum HelperMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "helper",
            .match,
            options: [OptionSyntax("helper", .text(atLeast: 0, kept: 29), mandatory: true, invertible: true)],
            tracksConnections: { _ in true },
            examples: ["-m helper --helper ftp", "-m helper ! --helper ftp-2121"]
        )
    ]
}
