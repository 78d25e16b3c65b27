extension RuleOwner {
    /// What keeps others from the virtual addresses while this host has them not (keepalived.conf(5), "nftables",
    /// "vrrp_ipsets"); the interfaces that its maps name live as long as it runs.
    static let keepalived = RuleOwner(
        name: "keepalived",
        services: ["keepalived"],
        sets: ["keepalived", "keepalived6", "keepalived_if6", "keepalived_igmp", "keepalived_mld"],
        tables: ["keepalived", "keepalived_ipvs"]
    )
}
