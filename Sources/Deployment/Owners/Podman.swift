extension RuleOwner {
    /// netavark, which Podman runs for each container that it starts.
    static let podman = RuleOwner(
        name: "Podman",
        services: ["podman", "podman-restart", "netavark-firewalld-reload"],
        chains: ["NETAVARK*"],
        tables: ["netavark"]
    )
}
