/// Somebody who keeps rules of their own in the kernel, and how these rules are recognised.
///
/// What is not recognised here is a person's: it is saved, and restored.
struct RuleOwner: Hashable, Sendable {
    /// What becomes of its rules when the machine starts again.
    enum Renewal: String, Hashable, Sendable {
        case atStart = "writes them anew when it starts"
        case bans = "makes its bans again when it starts, and a ban loaded from a file would never be lifted"
        case withConnections = "writes them anew with each connection, under other numbers"
        case ours = "loads them by itself: wallwright enable"
    }

    let name: String
    var renewal = Renewal.atStart
    /// The services that write the rules, by the names of their units; any of them does.
    var services: [String] = []
    var chains: [NamePattern] = []
    /// Chains among these that it makes once, and people fill.
    var chainsOfPeople: [NamePattern] = []
    /// Chains that people make for it, with the rules that lead there: it writes rules into them and makes none anew.
    /// In tables of nftables, too.
    var chainsToFill: [NamePattern] = []
    /// Sets of ipset that it makes.
    var sets: [NamePattern] = []
    /// Sets that people make for it, with the rules that name them: it fills them. In tables of nftables, too.
    var setsToFill: [NamePattern] = []
    /// Tables of nftables that it makes, by their names in any family.
    var tables: [NamePattern] = []
    /// Tables that people may have made for it: it fills the sets in them.
    var tablesToFill: [NamePattern] = []
    /// Rules that lead to none of its chains, by what their comments say.
    var comments: [NamePattern] = []
    /// Rules that lead to none of its chains, by their words.
    var rules: [RulePattern] = []
    /// These rules are its own only in a table where it has a chain of this name.
    var landmark: NamePattern?
    /// The built-in chains whose policy it sets.
    var policies: Set<String> = []

    func owns(chain: some StringProtocol) -> Bool { chains.contains { $0.matches(chain) } }

    func owns(set: some StringProtocol) -> Bool { sets.contains { $0.matches(set) } }

    func owns(table: some StringProtocol) -> Bool { tables.contains { $0.matches(table) } }

    func leavesToPeople(chain: some StringProtocol) -> Bool { chainsOfPeople.contains { $0.matches(chain) } }

    func fills(chain: some StringProtocol) -> Bool { chainsToFill.contains { $0.matches(chain) } }

    func fills(set: some StringProtocol) -> Bool { setsToFill.contains { $0.matches(set) } }

    func fills(table: some StringProtocol) -> Bool { tablesToFill.contains { $0.matches(table) } }
}
