extension RuleOwner {
    /// LXD and Incus; where they use iptables, a comment names the network.
    static let lxd = RuleOwner(
        name: "LXD",
        services: ["lxd", "snap.lxd.daemon", "incus", "lxc-net"],
        tables: ["lxd", "lxc", "incus"],
        comments: ["generated for LXD *", "generated for Incus *", "managed by lxd*"]
    )
}
