import Netfilter
import PacketModel

/// `MASQUERADE`: the address of the interface that the packet leaves by (iptables-extensions(8)).
enum MasqueradeTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "MASQUERADE",
            .target,
            options: [
                OptionSyntax("to-ports", NATText.shiftedPorts),
                OptionSyntax("random", .flag),
                OptionSyntax("random-fully", .flag),
            ],
            tables: [.nat],
            hooks: [.postrouting],
            tracksConnections: { _ in true },
            examples: ["-p tcp -j MASQUERADE --to-ports 1024-2048", "-j MASQUERADE --random"]
        )
    ]

    static let words = ["-j", "MASQUERADE"]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .verdict(.masquerade)
    }
}
