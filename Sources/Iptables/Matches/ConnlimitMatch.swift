import PacketModel

/// `connlimit`: how many connections an address or a network has (iptables-extensions(8)).
enum ConnlimitMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "connlimit",
            .match,
            options: [
                OptionSyntax("connlimit-upto", count, invertible: true, excludes: ["connlimit-above"]),
                OptionSyntax("connlimit-above", count, invertible: true, excludes: ["connlimit-upto"]),
                OptionSyntax("connlimit-mask", .prefixLength(holesAreFilled: true)),
                OptionSyntax("connlimit-saddr", .flag, excludes: ["connlimit-daddr"]),
                OptionSyntax("connlimit-daddr", .flag, excludes: ["connlimit-saddr"]),
            ],
            tracksConnections: { _ in true },
            oneOf: ["connlimit-upto", "connlimit-above"],
            complete: { instance, context throws(Refusal) in
                // Not above is up to, and the other way round.
                if instance.isNegated("connlimit-upto") {
                    instance.rename("connlimit-upto", to: "connlimit-above")
                } else if instance.isNegated("connlimit-above") {
                    instance.rename("connlimit-above", to: "connlimit-upto")
                }
                for place in instance.given.indices { instance.given[place].isNegated = false }
                if !instance.has("connlimit-mask") {
                    instance.set("connlimit-mask", .number(UInt64(context.family.addressWidth)))
                }
                if !instance.has("connlimit-daddr") { instance.set("connlimit-saddr", .none) }
            },
            examples: [
                "-m connlimit --connlimit-above 10", "-m connlimit --connlimit-upto 3 --connlimit-mask 24",
            ]
        )
    ]

    private static let count = ValueSyntax.number(0...UInt64(UInt32.max))

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        guard let length = instance["connlimit-mask"]?.number else { return nil }
        let hostBits = family.addressWidth - Int(length)
        let key = MaskedField(
            instance.has("connlimit-daddr") ? .destination : .source,
            mask: hostBits == 0 ? .max : .max << UInt128(hostBits)
        )
        func within(_ most: UInt64) -> Condition {
            .stateful(.connections(ConnectionCount(most: UInt32(truncatingIfNeeded: most), key: key)))
        }
        if let above = instance["connlimit-above"]?.number { return [.not(within(above))] }
        return instance["connlimit-upto"].map { [within($0.number)] }
    }
}
