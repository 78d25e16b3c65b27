import Netfilter
import PacketModel

/// `MARK`: of the packet (iptables-extensions(8)).
enum MarkTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "MARK",
            .target,
            options: MarkText.options,
            oneOf: MarkText.names,
            complete: { instance, _ throws(Refusal) in MarkText.simplify(&instance) },
            examples: ["-j MARK --set-mark 1", "-j MARK --set-xmark 0x1/0xff"]
        )
    ]

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        MarkText.change(instance, .mark)
    }
}

/// The five ways to change a mark, of which the kernel knows one.
enum MarkText {
    static let names = ["set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark"]

    static let options = names.map { name in
        OptionSyntax(
            name,
            name.hasPrefix("set") ? .masked(to: highest, alwaysMask: true) : .number(0...highest),
            excludes: names.filter { $0 != name }
        )
    }

    private static let highest = UInt64(UInt32.max)

    /// To `--set-xmark VALUE/MASK`: bits of the mask are cleared, bits of the value turned over.
    static func simplify(_ instance: inout ExtensionInstance) {
        instance.rename("set-mark", to: "set-xmark") { value in
            guard case .masked(let bits, let mask) = value else { return value }
            return .masked(bits, mask: mask | bits)
        }
        instance.rename("and-mark", to: "set-xmark") { .masked(0, mask: highest & ~$0.number) }
        instance.rename("or-mark", to: "set-xmark") { .masked($0.number, mask: $0.number) }
        instance.rename("xor-mark", to: "set-xmark") { .masked($0.number, mask: 0) }
    }

    static func change(_ instance: ExtensionInstance, _ field: Field) -> TargetEffect? {
        guard case .masked(let bits, let mask)? = instance["set-xmark"] else { return nil }
        return .statements([.alter(field, mask: UInt128(mask), bits: UInt128(bits))])
    }
}
