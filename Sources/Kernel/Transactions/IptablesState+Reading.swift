import Compiler
import PacketModel

/// What is told of a state: by content, and by what was counted.
extension IptablesState {
    /// Our chains, each with its rules, and the jumps that lead to them.
    func listing(_ family: IPFamily) -> FirewallListing {
        var listing = FirewallListing()
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
            let place = "of \(family.rawValue) table \(name)"
            let rules = Dictionary(grouping: table.rules, by: \.chain)
            for chain in table.ownChains.sorted() {
                listing.parts.append(.init("chain \(chain) \(place)", ContentHash()))
                for (number, rule) in (rules[chain] ?? []).enumerated() {
                    var hash = ContentHash()
                    hash.combine(String(rule.line))
                    listing.parts.append(.init("rule \(number + 1) of chain \(chain) \(place)", hash))
                }
            }
        }
        for (chain, rules) in jumps.sorted(by: { $0.key < $1.key }) {
            let place = "the jump from \(chain.chain) of \(family.rawValue) table \(chain.table)"
            for rule in rules {
                var hash = ContentHash()
                hash.combine(String(rule.line))
                listing.parts.append(.init(place, hash))
            }
            for stranger in strangers(before: chain) {
                listing.intruders.append("a rule before \(place), \(stranger.line),")
            }
        }
        return listing
    }

    /// The chain of bans with its rules, and the jumps that lead to it.
    func banListing(_ family: IPFamily) -> [FirewallListing.Part] {
        let rules = tables["filter"]?.rules.filter { rule in
            rule.chain == BanPrograms.chain || rule.target.map { $0 == BanPrograms.chain } == true
        }
        return (rules ?? []).map { rule in
            var hash = ContentHash()
            hash.combine(String(rule.line))
            return .init("the \(family.rawValue) rule \(rule.line)", hash)
        }
    }

    /// What our rules have counted, by their comments.
    func count(into counters: inout FirewallCounters) {
        for table in tables.values {
            for rule in table.rules where rule.isInOwnChain {
                guard let comment = rule.comment else { continue }
                counters.add(comment, packets: rule.packets, bytes: rule.bytes)
            }
        }
    }

    /// The tables of hashlimit that our rules fill: name, the comment of a rule, and the most buckets that are kept.
    var hashlimits: [(name: String, comment: String, size: Int)] {
        var known: Set<String> = []
        return tables.values.flatMap(\.rules).compactMap { rule in
            guard rule.isInOwnChain, let name = rule.value(of: "--hashlimit-name").map(String.init),
                let size = rule.value(of: "--hashlimit-htable-max").flatMap({ Int($0) }),
                let comment = rule.comment,
                known.insert(name).inserted
            else { return nil }
            return (name, comment, size)
        }
    }
}
