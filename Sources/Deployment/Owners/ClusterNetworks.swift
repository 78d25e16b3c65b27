extension RuleOwner {
    /// Its chains begin with `cali-`; the rules in the chains of all carry `cali:` and a hash as their comment.
    static let calico = RuleOwner(
        name: "Calico",
        services: clusterServices,
        chains: ["cali-*"],
        sets: ["cali40*", "cali60*"],
        tables: ["calico"],
        comments: ["cali:*"]
    )

    static let cilium = RuleOwner(
        name: "Cilium",
        services: clusterServices,
        chains: ["CILIUM_*", "OLD_CILIUM_*"],
        comments: ["cilium-feeder: *", "cilium: *"]
    )

    static let flannel = RuleOwner(
        name: "Flannel",
        services: clusterServices,
        chains: ["FLANNEL-*"],
        tables: ["flannel-ipv4", "flannel-ipv6"],
        comments: ["flanneld *"]
    )

    /// They are pods, which these start.
    private static let clusterServices = ["kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"]
}
