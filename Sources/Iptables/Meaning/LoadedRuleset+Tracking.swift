extension LoadedRuleset {
    /// What makes the kernel track connections for the family: it does so for nobody until a rule asks
    /// (`nf_ct_netns_get` in the checks of these extensions).
    private static let asking: Set<String> = [
        "conntrack", "state", "connmark", "connbytes", "connlimit", "connlabel", "helper", "cluster",
        "socket",
        "CONNMARK", "CONNSECMARK", "SYNPROXY", "TPROXY", "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP",
    ]

    /// Whether packets go through connection tracking, which puts fragments together before any rule sees them.
    package var tracksConnections: Bool {
        tables.values.contains { table in
            table.chains.values.contains { chain in chain.rules.contains(where: asksForConnections) }
        }
    }

    private func asksForConnections(_ rule: RuleSyntax) -> Bool {
        if case .target(let target) = rule.action {
            if Self.asking.contains(target.syntax.name) { return true }
            // Not to track needs no tracking.
            if target.syntax.name == "CT", !target.has("notrack") { return true }
        }
        return rule.matches.contains { Self.asking.contains($0.syntax.name) }
    }
}
