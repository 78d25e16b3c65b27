/// What of the live rules is not in the files, and why.
package struct LeftOut: Hashable, Sendable {
    private struct Count: Hashable, Sendable {
        var chains: Set<String> = []
        var rules = 0
        var sets: Set<String> = []
        var tables: Set<String> = []
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
                tables: left.tables.union(right.tables)
            )
        }
        others += other.others
    }

    /// `Docker: 5 chains, 23 rules; it writes them anew when it starts`
    package var lines: [String] {
        counts.sorted { $0.key.name < $1.key.name }.map { owner, count in
            let parts = [
                (count.tables.count, "table"), (count.chains.count, "chain"), (count.rules, "rule"),
                (count.sets.count, "set"),
            ]
            let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
            return "\(owner.name): \(said.joined(separator: ", ")); it \(owner.reason)"
        } + others
    }
}
