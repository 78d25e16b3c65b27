extension RuleOwner {
    /// Its tables of nftables it makes anew. Of iptables it fills the chain `sshguard`, of ipset the sets, and what leads
    /// there people make (sshguard-setup(7)).
    static let sshguard = RuleOwner(
        name: "sshguard",
        renewal: .bans,
        services: ["sshguard"],
        chainsToFill: ["sshguard"],
        setsToFill: ["sshguard4", "sshguard6"],
        tables: ["sshguard"]
    )
}
