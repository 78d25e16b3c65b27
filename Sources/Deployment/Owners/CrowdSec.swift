extension RuleOwner {
    /// The bouncer for firewalls. It makes its chain and the numbered sets anew; with `mode: ipset` or `set-only` people
    /// make the set and the rules that name it, and it fills the set.
    static let crowdSec = RuleOwner(
        name: "CrowdSec",
        renewal: .bans,
        services: ["crowdsec-firewall-bouncer"],
        chains: ["CROWDSEC_*"],
        sets: ["crowdsec-blacklists-*", "crowdsec6-blacklists-*"],
        setsToFill: ["crowdsec-blacklists", "crowdsec6-blacklists"],
        tablesToFill: ["crowdsec", "crowdsec6"]
    )
}
