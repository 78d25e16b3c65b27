extension RuleOwner {
    /// What keeps others from sending to the tunnel's own address, for each interface (wg-quick(8)).
    static let wgQuick = RuleOwner(
        name: "wg-quick",
        services: ["wg-quick@"],
        tables: ["wg-quick-*"],
        comments: ["wg-quick(8) rule for *"]
    )
}
