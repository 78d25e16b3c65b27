import Netfilter
import PacketModel

/// `CONNMARK`: the mark of a connection, from and to that of the packet (iptables-extensions(8)).
enum ConnmarkTarget: TargetExtension {
    private static let verbs = MarkText.names + ["save-mark", "restore-mark"]
    private static let highest = UInt64(UInt32.max)

    static let syntaxes = [
        ExtensionSyntax(
            "CONNMARK",
            .target,
            options: MarkText.options.map { option in
                OptionSyntax(option.name, option.value, excludes: verbs.filter { $0 != option.name })
            } + [
                OptionSyntax("save-mark", .flag, excludes: verbs.filter { $0 != "save-mark" }),
                OptionSyntax("restore-mark", .flag, excludes: verbs.filter { $0 != "restore-mark" }),
                OptionSyntax("nfmask", mask, excludes: ["mask"]),
                OptionSyntax("ctmask", mask, excludes: ["mask"]),
                OptionSyntax("mask", mask, excludes: ["nfmask", "ctmask"]),
                OptionSyntax("left-shift-mark", .number(0...31)),
                OptionSyntax("right-shift-mark", .number(0...31)),
            ],
            tracksConnections: { _ in true },
            oneOf: verbs,
            complete: { instance, _ throws(Refusal) in
                let order = instance.given.map { instance.syntax.options[$0.option].name }
                let verb = order.firstIndex {
                    $0.hasSuffix("-mark") && verbs.contains($0) || $0 == "set-xmark"
                }
                MarkText.simplify(&instance)
                let both = instance["mask"]?.number
                let ct = both ?? instance["ctmask"]?.number
                // A mask before the change is overwritten by it.
                let maskCounts = order.lastIndex { $0 == "mask" || $0 == "ctmask" } ?? 0 > verb ?? 0
                let nf = both ?? instance["nfmask"]?.number
                instance.remove("mask", "nfmask", "ctmask")
                // The last shift is the one that counts.
                let shifts = ["left-shift-mark", "right-shift-mark"].map(instance.syntax.place)
                if let last = instance.given.last(where: { shifts.contains($0.option) }) {
                    instance.given.removeAll { shifts.contains($0.option) && $0.option != last.option }
                }
                instance.remove("left-shift-mark", ifEqual: .number(0))
                instance.remove("right-shift-mark", ifEqual: .number(0))
                if case .masked(let bits, let own) = instance["set-xmark"] {
                    instance.set("set-xmark", .masked(bits, mask: maskCounts ? ct ?? own : own))
                } else {
                    instance.set("nfmask", .number(nf ?? highest))
                    instance.set("ctmask", .number(ct ?? highest))
                }
            },
            examples: [
                "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark --mask 0xff",
                "-j CONNMARK --set-mark 5",
            ]
        )
    ]

    private static let mask = ValueSyntax.number(0...highest, as: .hex(width: 0))

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        if instance.has("set-xmark") { return MarkText.change(instance, .connectionMark) }
        let shift =
            Int(instance["left-shift-mark"]?.number ?? 0) - Int(instance["right-shift-mark"]?.number ?? 0)
        let copy = MarkCopy(
            toConnection: instance.has("save-mark"),
            packetMask: UInt32(truncatingIfNeeded: instance["nfmask"]?.number ?? highest),
            connectionMask: UInt32(truncatingIfNeeded: instance["ctmask"]?.number ?? highest),
            shift: shift
        )
        return .statements([.copyMark(copy)])
    }
}
