/// Somebody who keeps rules of their own in the kernel, and writes them anew by themselves.
struct RuleOwner: Hashable, Sendable {
    let name: String
    /// Why its rules are not for a file.
    var reason = "writes them anew when it starts"
    var chains: [NamePattern] = []
    /// Chains among these that it makes once, and people fill.
    var chainsOfPeople: [NamePattern] = []
    /// Sets of ipset.
    var sets: [NamePattern] = []
    /// Tables of nftables, by their names in any family.
    var tables: [NamePattern] = []
    /// Whether it also writes rules that lead to no chain of its own, as Docker does for its bridges.
    var writesBridgeRules = false

    func owns(chain: some StringProtocol) -> Bool { chains.contains { $0.matches(chain) } }

    func owns(set: some StringProtocol) -> Bool { sets.contains { $0.matches(set) } }

    func owns(table: some StringProtocol) -> Bool { tables.contains { $0.matches(table) } }

    func leavesToPeople(chain: some StringProtocol) -> Bool { chainsOfPeople.contains { $0.matches(chain) } }
}
