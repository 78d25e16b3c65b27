import Diagnostics
import Netfilter
import PacketModel

/// `CT`: how connection tracking takes the packet (iptables-extensions(8)).
///
/// What `--helper` and `--timeout` name is taken to be there.
enum CTTarget: TargetExtension {
    private static let zones = ["zone", "zone-orig", "zone-reply"]

    static let syntaxes = [
        ExtensionSyntax(
            "CT",
            .target,
            options: [
                OptionSyntax("notrack", .flag),
                OptionSyntax("helper", .nameInKernel(longest: 15, samples: ["ftp"])),
                OptionSyntax("timeout", .nameInKernel(longest: 31, samples: [])),
                OptionSyntax(
                    "ctevents",
                    .bitNames(tracking, samples: [tracking[0].uppercased(), tracking[0] + ",", "x", ""])
                ),
                OptionSyntax("expevents", .bitNames(["new"], samples: ["NEW", "new,", "x", ""])),
            ] + zones.map { OptionSyntax($0, zone) },
            tables: [.raw],
            // Not to track needs no tracking.
            tracksConnections: { !$0.has("notrack") },
            complete: { instance, context throws(Refusal) in
                // The empty name is that of nothing.
                instance.remove("helper", ifEqual: .text([]))
                instance.remove("timeout", ifEqual: .text([]))
                if instance.has("helper"), context.transportProtocol?.isNegated ?? true {
                    throw Refusal(
                        "target.protocol",
                        "--helper needs a protocol",
                        fix: "write -p tcp or -p udp"
                    )
                }
                // One field of the kernel holds the number, another the directions.
                let places = zones.map(instance.syntax.place)
                let asked = instance.given.filter { places.contains($0.option) }
                guard let last = asked.last else { return }
                instance.remove("zone", "zone-orig", "zone-reply")
                let directions = Set(asked.map(\.option)).subtracting([instance.syntax.place("zone")])
                let name = directions.count == 1 ? directions.first : instance.syntax.place("zone")
                // The mark of the packet comes before any number.
                let value = asked.first { $0.value == .number(mark) }?.value ?? last.value
                if value != .number(0), let name {
                    instance.given.append(ExtensionInstance.Given(option: name, value: value))
                }
            },
            examples: [
                "-p tcp -j CT --helper ftp", "-j CT --notrack", "-j CT --zone 5",
                "-j CT --ctevents new,destroy",
            ]
        )
    ]

    /// In the order of their bits (linux/netfilter/nf_conntrack_common.h).
    private static let tracking = [
        "new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark", "natseqinfo",
        "secmark",
    ]

    private static let mark: UInt64 = 1 << 16

    /// A number, or `mark` for the mark of the packet.
    private static let zone = ValueSyntax(
        samples: ["5", "mark", "0", "65535", "65536", "x", "0x1", "MARK", ""],
        read: { words, _ throws(Refusal) in
            if words[0].text.lowercased() == "mark" { return .number(mark) }
            guard let number = NumberText.whole(words[0].bytes[...], in: 0...65_535) else {
                throw Refusal("value.zone", "\(words[0].text) is not a zone: a number, or mark")
            }
            return .number(number)
        },
        write: { Array(($0.number == mark ? "mark" : "\($0.number)").utf8) }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        instance.has("notrack") ? .statements([.untrack]) : .aside
    }
}

extension ValueSyntax {
    /// The name of something that only the kernel knows.
    fileprivate static func nameInKernel(longest: Int, samples: [String]) -> ValueSyntax {
        ValueSyntax(
            samples: samples,
            read: { words, _ throws(Refusal) in .text(Array(words[0].bytes.prefix(longest))) },
            write: { $0.bytes }
        )
    }
}
