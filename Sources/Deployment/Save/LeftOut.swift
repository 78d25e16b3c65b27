/// What of the live rules is not in the files, and why.
package struct LeftOut: Hashable, Sendable {
    private struct Count: Hashable, Sendable {
        var chains: Set<String> = []
        var rules = 0
        var sets: Set<String> = []
        var tables: Set<String> = []
        var elements = 0
        /// Built-in chains that are written open: `filter INPUT`.
        var policies: Set<String> = []
    }

    private var counts: [RuleOwner: Count] = [:]
    private(set) var others: [String] = []

    package var isEmpty: Bool { counts.isEmpty && others.isEmpty }

    mutating func add(chain: some StringProtocol, of owner: RuleOwner, in table: String) {
        counts[owner, default: Count()].chains.insert("\(table) \(chain)")
    }

    mutating func addRule(of owner: RuleOwner) {
        counts[owner, default: Count()].rules += 1
    }

    mutating func add(set: some StringProtocol, of owner: RuleOwner) {
        counts[owner, default: Count()].sets.insert(String(set))
    }

    mutating func add(table: String, of owner: RuleOwner) {
        counts[owner, default: Count()].tables.insert(table)
    }

    /// A policy that shuts a chain whose rules are left out: ACCEPT stands in its place.
    mutating func add(policyOf chain: String, of owner: RuleOwner, in table: String) {
        counts[owner, default: Count()].policies.insert("\(table) \(chain)")
    }

    /// What an owner filled into a set of people's.
    mutating func addElements(_ number: Int, of owner: RuleOwner) {
        counts[owner, default: Count()].elements += number
    }

    /// A sentence of something that no owner explains.
    mutating func add(_ sentence: String) {
        others.append(sentence)
    }

    mutating func merge(_ other: LeftOut) {
        counts.merge(other.counts) { left, right in
            Count(
                chains: left.chains.union(right.chains),
                rules: left.rules + right.rules,
                sets: left.sets.union(right.sets),
                tables: left.tables.union(right.tables),
                elements: left.elements + right.elements,
                policies: left.policies.union(right.policies)
            )
        }
        others += other.others
    }

    /// `Docker: 5 chains, 23 rules; it writes them anew when it starts`
    package var lines: [String] {
        counts.sorted { $0.key.name < $1.key.name }.flatMap { owner, count in
            let parts = [
                (count.tables.count, "table"), (count.chains.count, "chain"), (count.rules, "rule"),
                (count.sets.count, "set"), (count.elements, "element"),
            ]
            let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
            let first = "\(owner.name): \(said.joined(separator: ", ")); it \(owner.renewal.rawValue)"
            return [first]
                + count.policies.sorted().map {
                    "the policy of \($0): ACCEPT is written, for without the rules of \(owner.name) nothing would pass"
                }
        } + others
    }

    /// Who keeps what is left out.
    var owners: [RuleOwner] { counts.keys.sorted { $0.name < $1.name } }
}
