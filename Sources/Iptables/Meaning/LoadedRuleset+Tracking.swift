extension LoadedRuleset {
    /// Whether packets go through connection tracking, which puts fragments together before any rule sees them: the kernel
    /// tracks for nobody until a rule asks.
    package var tracksConnections: Bool {
        tables.values.contains { table in
            table.chains.values.contains { chain in
                chain.rules.contains { $0.instances.contains { $0.syntax.tracksConnections($0) } }
            }
        }
    }
}
