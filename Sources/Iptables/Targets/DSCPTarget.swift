import Netfilter
import PacketModel

/// `DSCP`: the class of a packet in its type of service (iptables-extensions(8)).
enum DSCPTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "DSCP",
            .target,
            options: [
                OptionSyntax("set-dscp", .dscp, excludes: ["set-dscp-class"]),
                OptionSyntax("set-dscp-class", .dscpClass, excludes: ["set-dscp"]),
            ],
            tables: [.mangle],
            oneOf: ["set-dscp", "set-dscp-class"],
            complete: { instance, _ throws(Refusal) in instance.rename("set-dscp-class", to: "set-dscp") },
            examples: ["-j DSCP --set-dscp-class EF", "-j DSCP --set-dscp 0x0a"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance["set-dscp"].map { .statements([.alter(.dscp, mask: 0x3F, bits: UInt128($0.number))]) }
    }
}
