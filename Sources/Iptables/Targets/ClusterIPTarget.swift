import PacketModel

/// `CLUSTERIP`: one address for several hosts (iptables-extensions(8)).
///
/// The kernel has it no longer: what the tool itself checks is checked.
enum ClusterIPTarget: TargetExtension {
    private static let needed = ["new", "hashmode", "clustermac", "total-nodes", "local-node"]

    static let syntaxes = [
        ExtensionSyntax(
            "CLUSTERIP",
            .target,
            families: [.ipv4],
            options: [
                OptionSyntax("new", .flag),
                OptionSyntax(
                    "hashmode",
                    .keyword([["sourceip"], ["sourceip-sourceport"], ["sourceip-sourceport-destport"]])
                ),
                OptionSyntax("clustermac", groupAddress),
                OptionSyntax("total-nodes", .number(0...16)),
                OptionSyntax("local-node", .number(0...16)),
                OptionSyntax("hash-init", .number(0...UInt64(UInt32.max))),
            ],
            complete: { instance, _ throws(Refusal) in
                if instance.given.isEmpty { return }
                if let missing = needed.first(where: { !instance.has($0) }) {
                    throw Refusal(
                        "target.option.missing",
                        "the options of CLUSTERIP belong together: --\(missing) is missing"
                    )
                }
                if !instance.has("hash-init") { instance.set("hash-init", .number(0)) }
            },
            examples: [
                "-d 192.0.2.1 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 "
                    + "--total-nodes 2 --local-node 1",
                "-j CLUSTERIP",
            ]
        )
    ]

    /// A hardware address of a group, printed in capitals.
    private static let groupAddress = ValueSyntax(
        samples: ["01:00:5E:00:00:20", "1:0:5e:0:0:20", "00:00:5E:00:00:20", "01-00-5E-00-00-20", ""],
        read: { words, context throws(Refusal) in
            let value = try ValueSyntax.mac.read(words, context)
            guard let first = value.bytes.first, first & 1 == 1 else {
                throw Refusal("value.mac.group", "\(words[0].text) is not an address of a group")
            }
            return value
        },
        write: { Array(String(decoding: ValueSyntax.mac.write($0), as: UTF8.self).uppercased().utf8) }
    )
}
