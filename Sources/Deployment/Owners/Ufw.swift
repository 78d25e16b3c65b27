extension RuleOwner {
    /// ufw(8): chains of its own, and the policies of the built-in ones, which `ufw disable` opens again.
    static let ufw = RuleOwner(
        name: "ufw",
        services: ["ufw"],
        chains: ["ufw-*", "ufw6-*"],
        policies: ["INPUT", "OUTPUT", "FORWARD"]
    )
}
