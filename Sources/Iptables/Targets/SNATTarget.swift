import Netfilter
import PacketModel

/// `SNAT`: as if from another host (iptables-extensions(8)).
enum SNATTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "SNAT",
            .target,
            options: [
                OptionSyntax("to-source", NATText.translation(keepsBase: false), mandatory: true),
                OptionSyntax("random", .flag),
                OptionSyntax("random-fully", .flag),
                OptionSyntax("persistent", .flag),
            ],
            tables: [.nat],
            hooks: [.postrouting, .input],
            tracksConnections: { _ in true },
            examples: ["-p tcp -j SNAT --to-source :1024-2048", "-j SNAT --to-source 192.0.2.1-192.0.2.9"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance["to-source"].map { .verdict(.translate(NATText.meaning(.source, $0))) }
    }
}
