import PacketModel

/// `SET`: puts addresses and ports into ipsets, takes them out, or takes marks from them (iptables-extensions(8)).
enum SetTarget: TargetExtension {
    private static let maps = ["map-mark", "map-prio", "map-queue"]

    static let syntaxes = [
        ExtensionSyntax(
            "SET",
            .target,
            // A `!` is read over by the tool.
            options: [
                OptionSyntax("add-set", .setLookup, invertible: true),
                OptionSyntax("exist", .flag, invertible: true, repeatable: true, requires: ["add-set"]),
                OptionSyntax(
                    "timeout",
                    .number(0...UInt64(UInt32.max) - 1),
                    invertible: true,
                    repeatable: true,
                    requires: ["add-set"]
                ),
                OptionSyntax("del-set", .setLookup, invertible: true),
                OptionSyntax("map-set", .setLookup, invertible: true),
            ]
                + maps.map {
                    OptionSyntax($0, .flag, invertible: true, repeatable: true, requires: ["map-set"])
                },
            oneOf: ["add-set", "del-set", "map-set"],
            complete: { instance, context throws(Refusal) in
                for option in ["exist", "timeout"] + maps { instance.keepLast(of: option) }
                for place in instance.given.indices { instance.given[place].isNegated = false }
                if instance.has("map-set") { try checkMap(instance, context) }
            },
            examples: [
                "-j SET --add-set addresses src", "-j SET --del-set addresses dst",
                "-j SET --add-set addresses src --exist --timeout 60",
                "-j SET --map-set addresses src --map-mark", "-j SET --map-set addresses src --map-prio",
            ]
        )
    ]

    /// set_target_v3_checkentry of the kernel; in a chain of the user it does not know the hook.
    private static func checkMap(_ instance: ExtensionInstance, _ context: ReadingContext) throws(Refusal) {
        guard maps.contains(where: instance.has) else {
            throw Refusal(
                "target.option.missing",
                "--map-set needs one of --map-mark, --map-prio, --map-queue"
            )
        }
        guard context.table == BuiltInTable.mangle.rawValue else {
            throw Refusal("target.table", "--map-set works in the table mangle only")
        }
        guard instance.has("map-prio") || instance.has("map-queue") else { return }
        switch context.hook {
        case .prerouting, .input:
            throw Refusal(
                "target.hook",
                "--map-prio and --map-queue work in FORWARD, OUTPUT, POSTROUTING only"
            )
        case .forward, .output, .postrouting, nil: break
        }
    }

    /// What a set holds that rules change is not known, so a change of it changes nothing that is.
    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance.has("map-set") ? nil : .aside
    }
}
