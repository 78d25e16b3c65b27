extension RuleOwner {
    /// fail2ban's config/action.d: `actionstart` makes chain, set or table and the rule that leads there.
    static let fail2ban = RuleOwner(
        name: "fail2ban",
        renewal: .bans,
        services: ["fail2ban"],
        chains: ["f2b-*", "fail2ban-*"],
        sets: ["f2b-*", "fail2ban-*"],
        tables: ["f2b-table"]
    )
}
