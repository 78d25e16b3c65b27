/// `rpfilter`: an answer would leave by the interface that the packet came by (iptables-extensions(8)).
enum RpfilterMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "rpfilter",
            .match,
            options: ["loose", "validmark", "accept-local", "invert"].map { OptionSyntax($0, .flag) },
            tables: [.mangle, .raw],
            hooks: [.prerouting],
            examples: ["-m rpfilter --invert", "-m rpfilter --loose --validmark"]
        )
    ]
}
