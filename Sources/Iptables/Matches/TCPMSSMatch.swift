/// `tcpmss`: the largest segment that a SYN asks for (iptables-extensions(8)).
enum TCPMSSMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "tcpmss",
            .match,
            options: [
                OptionSyntax(
                    "mss",
                    .looseRange(to: 65_535, mayBeBackwards: false),
                    mandatory: true,
                    invertible: true
                )
            ],
            protocols: .tcp,
            examples: ["-p tcp -m tcpmss --mss 1400:1500", "-p tcp -m tcpmss ! --mss 0:536"]
        )
    ]
}
