/// What a glance sees of ours: what leads packets to our rules, which chains and sets there are, and how much is in them.
/// That one rule took the place of another it does not see.
package struct Glance: Hashable, Sendable {
    /// A table of nf_tables. The numbers are hashes of what is told without the contents.
    package struct Table: Hashable, Sendable {
        package var header: UInt64
        package var chains: [String: UInt64] = [:]
        package var sets: [String: UInt64] = [:]
    }

    /// The way from a built-in chain to ours.
    package struct Entrance: Hashable, Sendable {
        /// Where the kernel enters the chain; 0 where that cannot change.
        package var hook: UInt64 = 0
        /// The chains of ours that rules without a condition lead to, in their order.
        package var targets: [String] = []
        /// What stands before the last of those and is not ours.
        package var strangers: [Stranger] = []
        /// Where none of ours is found, what the chain begins with.
        package var instead: [Stranger] = []
    }

    /// A rule of somebody else, by what tells whose it is.
    package struct Stranger: Hashable, Sendable {
        /// The chain that it leads to.
        package var target: String?
        package var comment: String?

        package init(target: String?, comment: String?) {
            self.target = target.map(Self.plain)
            self.comment = comment.map(Self.plain)
        }

        /// It comes from others, and goes into logs and to terminals: nothing in it ends a line, or moves a cursor.
        private static func plain(_ text: String) -> String {
            let characters = text.utf8.prefix(longest).map { byte in
                (0x20...0x7E).contains(byte) ? Character(UnicodeScalar(byte)) : "?"
            }
            return String(characters)
        }

        /// In bytes, as the comment of a rule may be.
        private static let longest = 256
    }

    /// What is ours in a table of iptables.
    package struct Xtables: Hashable, Sendable {
        /// How many rules, and jumps to it, each chain of ours has.
        package var chains: [String: UInt64] = [:]
        package var entrances: [String: Entrance] = [:]
        /// None of its rules is asked (nft(8), "dormant").
        package var isAsleep = false
    }

    package var tables: [String: Table] = [:]
    package var xtables: [XtablesTable: Xtables] = [:]

    package init() {}

    /// The rules of others that stand before ours, or where ours should stand.
    package var strangers: [Stranger] {
        xtables.values.flatMap(\.entrances.values).flatMap { $0.strangers + $0.instead }
    }

    /// What is there, by place and content.
    package var listing: FirewallListing {
        var parts: [FirewallListing.Part] = []
        for (name, table) in tables.sorted(by: { $0.key < $1.key }) {
            parts.append(.init("the table \(name)", number: table.header))
            for (set, number) in table.sets.sorted(by: { $0.key < $1.key }) {
                parts.append(.init("set \(set)", number: number))
            }
            for (chain, number) in table.chains.sorted(by: { $0.key < $1.key }) {
                parts.append(.init("chain \(chain)", number: number))
            }
        }
        for (table, seen) in xtables.sorted(by: { $0.key < $1.key }) {
            if seen.isAsleep { parts.append(.init("the sleep of \(table)", number: 0)) }
            for (chain, number) in seen.chains.sorted(by: { $0.key < $1.key }) {
                parts.append(.init("chain \(chain) of \(table)", number: number))
            }
            for (chain, entrance) in seen.entrances.sorted(by: { $0.key < $1.key }) {
                let jump = "the jump from \(chain) of \(table)"
                parts += entrance.targets.map { _ in .init(jump, number: entrance.hook) }
                parts += entrance.strangers.map { .init("\($0) before \(jump)", number: 0) }
            }
        }
        return FirewallListing(parts: parts)
    }

    /// What is wrong whatever the contents are, in sentences: what is not where it belongs.
    package func lacks(of places: OwnPlaces) -> [String] {
        var lacks: [String] = []
        for name in places.tables.sorted() where tables[name] == nil {
            lacks.append("the table \(name) is missing")
        }
        for (table, meant) in places.xtables.sorted(by: { $0.key < $1.key }) {
            let seen = xtables[table] ?? Xtables()
            if seen.isAsleep { lacks.append("\(table) sleeps: none of its rules is asked") }
            for chain in meant.chains.sorted() where seen.chains[chain] == nil {
                lacks.append("chain \(chain) of \(table) is missing")
            }
            for (chain, targets) in meant.entrances.sorted(by: { $0.key < $1.key }) {
                let jump = "the jump from \(chain) of \(table)"
                let entrance = seen.entrances[chain] ?? Entrance()
                if !targets.allSatisfy(entrance.targets.contains) { lacks.append("\(jump) is missing") }
                if places.comesFirst { lacks += entrance.strangers.map { "\($0) comes before \(jump)" } }
            }
        }
        return lacks
    }
}

extension Glance.Stranger: CustomStringConvertible {
    package var description: String {
        "a rule" + (target.map { " to \($0)" } ?? "") + (comment.map { " (\($0))" } ?? "")
    }
}

extension FirewallListing.Part {
    fileprivate init(_ name: String, number: UInt64) {
        self.name = name
        content = number
    }
}
