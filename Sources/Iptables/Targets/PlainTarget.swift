import Netfilter
import PacketModel

/// `NOTRACK` and `TRACE`, which take no options (iptables-extensions(8)).
enum PlainTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax("NOTRACK", .target, tables: [.raw], examples: ["-j NOTRACK"]),
        ExtensionSyntax("TRACE", .target, examples: ["-j TRACE"]),
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance.syntax.name == "NOTRACK" ? .statements([.untrack]) : .aside
    }
}
