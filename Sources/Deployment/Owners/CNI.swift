extension RuleOwner {
    /// The plug-ins `portmap`, `bridge` and `firewall` of CNI, which container runtimes run for each container.
    /// CNI-ADMIN is the administrator's (cni.dev, "firewall plugin").
    static let cni = RuleOwner(
        name: "CNI",
        services: ["containerd", "crio", "kubelet", "k3s", "podman", "podman-restart", "nomad"],
        chains: ["CNI-*"],
        chainsOfPeople: ["CNI-ADMIN"],
        tables: ["cni_hostport"]
    )
}
