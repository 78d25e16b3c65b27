/// `cpu`: the processor that handles the packet (iptables-extensions(8)).
enum CPUMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "cpu",
            .match,
            options: [
                OptionSyntax("cpu", .number(0...UInt64(UInt32.max)), mandatory: true, invertible: true)
            ],
            examples: ["-m cpu --cpu 0", "-m cpu ! --cpu 1"]
        )
    ]
}
