import Netfilter
import PacketModel

/// `TOS`: the type of service of IPv4, the traffic class of IPv6 (iptables-extensions(8)).
enum TOSTarget: TargetExtension {
    private static let names = ["set-tos", "and-tos", "or-tos", "xor-tos"]

    static let syntaxes = [
        ExtensionSyntax(
            "TOS",
            .target,
            options: names.map { name in
                OptionSyntax(
                    name,
                    name == "set-tos" ? .typeOfService(mask: 0x3F) : .number(0...255),
                    excludes: names.filter { $0 != name }
                )
            },
            tables: [.mangle],
            oneOf: names,
            complete: { instance, _ throws(Refusal) in
                instance.rename("and-tos", to: "set-tos") { .masked(0, mask: 0xFF & ~$0.number) }
                instance.rename("or-tos", to: "set-tos") { .masked($0.number, mask: $0.number) }
                instance.rename("xor-tos", to: "set-tos") { .masked($0.number, mask: 0) }
            },
            examples: ["-j TOS --set-tos Minimize-Delay", "-j TOS --or-tos 0x10"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        guard case .masked(let bits, let mask)? = instance["set-tos"] else { return nil }
        return .statements([
            .alter(.dscp, mask: UInt128(mask >> 2), bits: UInt128(bits >> 2)),
            .alter(.ecn, mask: UInt128(mask & 3), bits: UInt128(bits & 3)),
        ])
    }
}
