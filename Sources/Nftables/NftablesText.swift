package import Netlink

/// The text of a whole ruleset, as `nft` reads it.
package struct NftablesText: Sendable {
    private let ruleset: KernelRuleset
    private let interfaces: [UInt32: String]
    private var styles: [RulePlace: RuleText.Style] = [:]

    /// - Parameter interfaces: those of the namespace by their numbers
    package init(_ dump: KernelDump, interfaces: [UInt32: String]) throws(NetlinkDamage) {
        ruleset = try KernelRuleset(dump)
        self.interfaces = interfaces
    }

    /// The text of the tables, and what has no words there.
    package func text() -> (text: String, unread: [UnreadPart]) {
        let (lines, unread) = lines()
        return (lines.map { $0.text + "\n" }.joined(), unread)
    }

    private func lines() -> (lines: [TableText.Line], unread: [UnreadPart]) {
        var (lines, unread) = ([TableText.Line](), ruleset.unread)
        for (number, table) in ruleset.tables.enumerated() {
            if number > 0 { lines.append(TableText.Line("")) }
            let read = TableText(table: table, interfaces: interfaces, styles: styles).lines()
            lines += read.lines
            unread += read.unread
        }
        return (lines, unread)
    }

    /// Writes the rule of a line (from 1) with more words; false where it has all there are already.
    package mutating func explain(line: Int) -> Bool {
        let lines = lines().lines
        guard lines.indices.contains(line - 1), let place = lines[line - 1].rule else { return false }
        return explain(place)
    }

    /// The same for the rules of chains whose content, loaded again, is not that of the original.
    package mutating func explain(differing original: KernelDump, from loaded: KernelDump) -> Bool {
        var isAny = false
        let (first, second) = (original.content, loaded.content)
        for table in ruleset.tables {
            for chain in table.chains {
                let key = "\(KernelDump.key(table.family.rawValue, table.name)) chain \(chain.name)"
                let (before, after) = (first[key] ?? [], second[key] ?? [])
                for number in chain.rules.indices {
                    // The first part is the chain itself.
                    guard before.count != after.count || before[number + 1] != after[number + 1] else {
                        continue
                    }
                    let place = RulePlace(
                        family: table.family.text,
                        table: table.name,
                        chain: chain.name,
                        number: number
                    )
                    isAny = explain(place) || isAny
                }
            }
        }
        return isAny
    }

    private mutating func explain(_ place: RulePlace) -> Bool {
        let style = styles[place] ?? .plain
        guard let next = RuleText.Style(rawValue: style.rawValue + 1) else { return false }
        styles[place] = next
        return true
    }
}
