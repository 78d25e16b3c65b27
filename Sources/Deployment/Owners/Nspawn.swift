extension RuleOwner {
    /// systemd-networkd (`IPMasquerade=`) and systemd-nspawn (`--port=`): both keep one table of each family, and what is
    /// in it belongs to machines that run.
    static let nspawn = RuleOwner(
        name: "systemd",
        services: ["systemd-networkd", "systemd-nspawn@"],
        tables: ["io.systemd.nat"]
    )
}
