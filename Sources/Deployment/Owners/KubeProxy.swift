extension RuleOwner {
    /// kube-proxy and kubelet, in iptables, ipvs and nftables.
    static let kubeProxy = RuleOwner(
        name: "kube-proxy",
        services: [
            "kubelet", "kube-proxy", "k3s", "k3s-agent", "rke2-server", "rke2-agent",
            "snap.microk8s.daemon-kubelite",
        ],
        chains: ["KUBE-*"],
        sets: ["KUBE-*"],
        tables: ["kube-proxy"],
        comments: ["kubernetes *", "kube-router*"]
    )
}
