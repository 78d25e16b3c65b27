extension RuleOwner {
    /// Connections of `ipv4.method shared`: a table for each interface, or chains and rules with its name in the comment.
    static let networkManager = RuleOwner(
        name: "NetworkManager",
        services: ["NetworkManager"],
        chains: ["nm-sh-*"],
        tables: ["nm-shared-*"],
        comments: ["nm-shared-*"]
    )
}
