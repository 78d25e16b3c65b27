import Diagnostics
import Netfilter
import PacketModel

/// `ECN`: the bits of explicit congestion notification (iptables-extensions(8)).
enum ECNTarget: TargetExtension {
    private static let bits = ["ecn-tcp-ece", "ecn-tcp-cwr"]

    static let syntaxes = [
        ExtensionSyntax(
            "ECN",
            .target,
            families: [.ipv4],
            options: [OptionSyntax("ecn-tcp-remove", .flag, excludes: bits)]
                + bits.map { OptionSyntax($0, .number(0...1)) } + [
                    OptionSyntax("ecn-ip-ect", .number(0...3))
                ],
            tables: [.mangle],
            oneOf: ["ecn-tcp-remove", "ecn-ip-ect"] + bits,
            complete: { instance, context throws(Refusal) in
                try checkProtocol(instance, context)
                simplify(&instance)
            },
            examples: [
                "-p tcp -j ECN --ecn-tcp-remove", "-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0",
                "-p tcp -j ECN --ecn-tcp-remove --ecn-ip-ect 2",
                "-p tcp -j ECN --ecn-ip-ect 2 --ecn-tcp-remove", "-j ECN --ecn-ip-ect 1",
            ]
        )
    ]

    private static func checkProtocol(
        _ instance: ExtensionInstance,
        _ context: ReadingContext
    ) throws(Refusal) {
        guard (["ecn-tcp-remove"] + bits).contains(where: instance.has),
            !ProtocolNeed([6], "-p tcp").admits(context.transportProtocol)
        else { return }
        throw Refusal("target.protocol", "the bits of TCP need -p tcp", fix: "write -p tcp")
    }

    /// To remove is to set both bits to zero; it forgets what stood before it.
    private static func simplify(_ instance: inout ExtensionInstance) {
        if instance.has("ecn-tcp-remove") {
            let isLast = instance.given.last?.option == instance.syntax.place("ecn-tcp-remove")
            guard instance.has("ecn-ip-ect") else { return }
            instance.remove(isLast ? "ecn-ip-ect" : "ecn-tcp-remove")
            if !isLast { for bit in bits { instance.set(bit, .number(0)) } }
        } else if instance.given.count == 2, bits.allSatisfy({ instance[$0] == .number(0) }) {
            instance.given = []
            instance.set("ecn-tcp-remove", .none)
        }
    }

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        guard let bits = instance["ecn-ip-ect"]?.number else { return .aside }
        return .statements([.alter(.ecn, mask: 3, bits: UInt128(bits))])
    }
}
