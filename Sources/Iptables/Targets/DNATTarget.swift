import Netfilter
import PacketModel

/// `DNAT`: to another host (iptables-extensions(8)).
enum DNATTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "DNAT",
            .target,
            options: [
                OptionSyntax("to-destination", NATText.translation(keepsBase: true), mandatory: true),
                OptionSyntax("random", .flag),
                OptionSyntax("persistent", .flag),
            ],
            tables: [.nat],
            hooks: [.prerouting, .output],
            tracksConnections: { _ in true },
            examples: ["-p tcp -j DNAT --to-destination :8080", "-j DNAT --to-destination 192.0.2.1"]
        )
    ]

    static func words(
        to address: IPAddress,
        port: UInt16?,
        in context: RuleContext
    ) throws(Inexpressible) -> [String] {
        guard address.family == context.family else {
            throw Inexpressible("\(address) is of the other family")
        }
        if port != nil { try context.checkTranslatesPorts() }
        let target =
            switch (port, address.family) {
            case (nil, _): "\(address)"
            case (let port?, .ipv4): "\(address):\(port)"
            case (let port?, .ipv6): "[\(address)]:\(port)"
            }
        return ["-j", "DNAT", "--to-destination", target]
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance["to-destination"].map { .verdict(.translate(NATText.meaning(.destination, $0))) }
    }
}
