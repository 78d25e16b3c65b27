import PacketModel

/// What is ours in a table of iptables-legacy.
struct LegacyGlance {
    private(set) var glance = Glance.Xtables()
    private(set) var parts: [FirewallListing.Part] = []

    /// Where the table is not there.
    init() {}

    init(_ table: LegacyTable, _ places: OwnPlaces.Xtables, of place: XtablesTable, comesFirst: Bool) {
        for name in places.chains.sorted() {
            guard let rules = table.chains[name] else { continue }
            glance.chains[name] = UInt64(rules.count)
            parts.append(.init("chain \(name) of \(place)", ContentHash()))
            for (number, rule) in rules.enumerated() {
                var hash = ContentHash()
                hash.combine(UInt128(rule.content))
                parts.append(.init("rule \(number + 1) of chain \(name) of \(place)", hash))
            }
        }
        for (name, targets) in places.entrances {
            guard let rules = table.chains[name] else { continue }
            let leading = rules.map(\.leading)
            glance.entrances[name] = Glance.Entrance(leading, to: targets, comesFirst: comesFirst)
        }
    }
}
