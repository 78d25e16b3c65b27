/// `cluster`: the node of a cluster that answers for the packet (iptables-extensions(8)).
enum ClusterMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "cluster",
            .match,
            options: [
                OptionSyntax(
                    "cluster-local-nodemask",
                    nodes,
                    invertible: true,
                    excludes: ["cluster-local-node"]
                ),
                OptionSyntax("cluster-local-node", nodes, invertible: true),
                OptionSyntax("cluster-total-nodes", .number(1...most), mandatory: true),
                OptionSyntax(
                    "cluster-hash-seed",
                    .number(0...UInt64(UInt32.max), as: .hex(width: 8)),
                    mandatory: true
                ),
            ],
            tracksConnections: { _ in true },
            oneOf: ["cluster-local-node", "cluster-local-nodemask"],
            complete: { instance, _ throws(Refusal) in
                instance.rename("cluster-local-node", to: "cluster-local-nodemask") { node in
                    .number(1 << (node.number - 1))
                }
                let total = instance["cluster-total-nodes"]?.number ?? 0
                guard instance["cluster-local-nodemask"]?.number ?? 0 < 1 << total else {
                    throw Refusal("value.number", "the cluster has \(total) nodes only")
                }
            },
            examples: [
                "-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0xdeadbeef"
            ]
        )
    ]

    /// XT_CLUSTER_NODES_MAX (linux/netfilter/xt_cluster.h); the tool holds masks to it too.
    private static let most: UInt64 = 32

    private static let nodes = ValueSyntax.number(1...most, as: .hex(width: 8))
}
