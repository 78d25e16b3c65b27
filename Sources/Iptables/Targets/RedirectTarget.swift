import Netfilter
import PacketModel

/// `REDIRECT`: to a port of this host (iptables-extensions(8)).
enum RedirectTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "REDIRECT",
            .target,
            options: [OptionSyntax("to-ports", NATText.ports), OptionSyntax("random", .flag)],
            tables: [.nat],
            hooks: [.prerouting, .output],
            tracksConnections: { _ in true },
            examples: ["-p tcp -j REDIRECT --to-ports 8080", "-j REDIRECT --random"]
        )
    ]

    static func words(port: UInt16, in context: RuleContext) throws(Inexpressible) -> [String] {
        try context.checkTranslatesPorts()
        return ["-j", "REDIRECT", "--to-ports", "\(port)"]
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .verdict(
            .translate(Translation(.destination, ports: instance["to-ports"]?.ports, isToThisHost: true))
        )
    }
}

extension RuleContext {
    /// The targets that change a port refuse UDP-Lite (iptables 1.8.9: "Need TCP, UDP, SCTP or DCCP").
    func checkTranslatesPorts() throws(Inexpressible) {
        guard transportProtocol == .udplite else { return }
        throw Inexpressible("the port of udplite cannot be translated")
    }
}
