extension RuleOwner {
    /// Its script makes the chains of iptables anew. Of nftables it makes them only where the table is not there yet, so
    /// in a table of a person's they stay, and what hosts of the network asked for goes.
    static let miniupnpd = RuleOwner(
        name: "miniupnpd",
        services: ["miniupnpd"],
        chains: ["MINIUPNPD*"],
        chainsToFill: ["miniupnpd", "prerouting_miniupnpd", "postrouting_miniupnpd"],
        tables: ["miniupnpd"]
    )
}
