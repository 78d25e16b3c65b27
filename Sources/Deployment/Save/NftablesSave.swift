/// Tables as `nft list table` shows them, without those of some owners (nft(8)).
struct NftablesSave: Sendable {
    struct Table: Hashable, Sendable {
        /// `inet filter`
        var name: String
        var text: String
        /// Whether iptables-nft keeps it: then its save file is the one that can be loaded.
        var isOfIptables: Bool
    }

    /// For `nft -f`: each table in the place of one of its name.
    private(set) var text = ""
    private(set) var leftOut = LeftOut()

    init(_ tables: [Table], without owners: [RuleOwner]) {
        for table in tables {
            let name = table.name.split(separator: " ").last ?? ""
            if let owner = owners.first(where: { $0.owns(table: name) }) {
                leftOut.add(table: table.name, of: owner)
            } else if !table.isOfIptables {
                text += "table \(table.name)\ndelete table \(table.name)\n\(table.text)"
            }
        }
    }

    var isEmpty: Bool { text.isEmpty }
}
