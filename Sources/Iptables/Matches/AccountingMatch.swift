/// `nfacct`: counts for an object of nfacct(8), which is taken to be there (iptables-extensions(8)).
enum AccountingMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "nfacct",
            .match,
            options: [OptionSyntax("nfacct-name", name, mandatory: true)],
            examples: []
        )
    ]

    private static let text = ValueSyntax.text(atLeast: 1, kept: 31, isOneLine: true)

    /// The tool prints two blanks before it.
    private static let name = ValueSyntax(
        samples: [],
        read: text.read,
        write: { [Ascii.space] + text.write($0) }
    )
}
