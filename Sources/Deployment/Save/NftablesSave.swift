/// Tables as `nft list table` shows them, without those of some owners, and without what they put into the tables of
/// people's (nft(8)).
struct NftablesSave: Sendable {
    struct Table: Hashable, Sendable {
        /// `inet filter`
        var name: String
        var text: String
        /// Whether iptables-nft keeps it: then its save file is the one that can be loaded.
        var isOfIptables: Bool

        /// For `nft -f`: in the place of one of its name.
        var replacing: String { "table \(name)\ndelete table \(name)\n\(text)" }
    }

    /// What is left of people's.
    private(set) var tables: [Table] = []
    private(set) var leftOut = LeftOut()

    init(_ tables: [Table], without owners: [RuleOwner]) {
        for table in tables {
            let name = table.name.split(separator: " ").last ?? ""
            if let owner = owners.first(where: { $0.owns(table: name) }) {
                leftOut.add(table: table.name, of: owner)
            } else if !table.isOfIptables {
                var table = table
                table.text = people(table.text, name, owners)
                self.tables.append(table)
            }
        }
    }

    /// For `nft -f`.
    var text: String { tables.map(\.replacing).joined() }

    var isEmpty: Bool { tables.isEmpty }

    /// The listing of a table without what somebody fills into it.
    private mutating func people(_ text: String, _ table: Substring, _ owners: [RuleOwner]) -> String {
        guard owners.contains(where: { !$0.setsToFill.isEmpty || !$0.chainsToFill.isEmpty }) else {
            return text
        }
        let tableFiller = owners.first { $0.fills(table: table) }
        var result = ""
        var filler: (owner: RuleOwner, isChain: Bool)?
        var isInElements = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ")
            if line.hasPrefix("\t}") {
                (filler, isInElements) = (nil, false)
            } else if line.hasSuffix("{"), !line.hasPrefix("\t\t"), words.count > 2 {
                filler = Self.filler(kind: words[0], name: words[1], tableFiller, owners)
            } else if let filler {
                isInElements = isInElements || line.hasPrefix("\t\telements = {")
                if filler.isChain, !line.hasPrefix("\t\ttype "), !line.hasPrefix("\t\tcomment ") {
                    leftOut.addRule(of: filler.owner)
                    continue
                }
                if isInElements {
                    leftOut.addElements(NftElements.count(in: line), of: filler.owner)
                    continue
                }
            }
            result += line + "\n"
        }
        return String(result.dropLast())
    }

    private static func filler(
        kind: Substring,
        name: Substring,
        _ tableFiller: RuleOwner?,
        _ owners: [RuleOwner]
    ) -> (owner: RuleOwner, isChain: Bool)? {
        switch kind.drop(while: { $0 == "\t" }) {
        case "chain": owners.first { $0.fills(chain: name) }.map { ($0, true) }
        case "set", "map": (tableFiller ?? owners.first { $0.fills(set: name) }).map { ($0, false) }
        default: nil
        }
    }
}
