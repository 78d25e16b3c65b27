/// `physdev`: the port of a bridge (iptables-extensions(8)).
enum PhysdevMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "physdev",
            .match,
            options: [
                OptionSyntax("physdev-is-in", .flag, invertible: true),
                OptionSyntax("physdev-in", .interface, invertible: true),
                OptionSyntax("physdev-is-out", .flag, invertible: true),
                OptionSyntax("physdev-out", .interface, invertible: true),
                OptionSyntax("physdev-is-bridged", .flag, invertible: true),
            ],
            oneOf: ["physdev-is-in", "physdev-in", "physdev-is-out", "physdev-out", "physdev-is-bridged"],
            complete: { instance, context throws(Refusal) in
                let isBridged =
                    instance.has("physdev-is-bridged") && !instance.isNegated("physdev-is-bridged")
                // The kernel refuses it where packets of this host begin (physdev_mt_check).
                let asksOut = instance.has("physdev-out") || instance.has("physdev-is-out")
                if context.hook == .output, asksOut, !isBridged {
                    throw Refusal("match.hook", "a packet of OUTPUT has no port of a bridge yet")
                }
            },
            examples: [
                "-m physdev --physdev-in vnet0", "-m physdev --physdev-is-bridged",
                "-m physdev --physdev-is-out",
            ]
        )
    ]
}
