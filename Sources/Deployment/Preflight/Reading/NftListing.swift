import Kernel

/// The rules of other owners in what `nft list ruleset` prints (nft(8)).
struct NftListing: Sendable {
    struct Rule: Hashable, Sendable {
        /// `ip raw`
        var table: String
        var chain: String
        var text: String
    }

    /// A set or a map that has a name.
    struct NamedSet: Hashable, Sendable {
        /// `inet f2b-table`
        var table: String
        var name: String
    }

    private(set) var rules: [Rule] = []
    private(set) var sets: [NamedSet] = []

    /// A table opens at the edge, its chains one tab further in, their rules two.
    init(_ text: String) {
        var (table, chain): (String?, String?)
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if line.hasPrefix("table "), words.count > 3 {
                table = Self.isOurs(words[2]) ? nil : "\(words[1]) \(words[2])"
            } else if line.hasPrefix("\tchain "), words.count > 2 {
                chain = String(words[1])
            } else if let table, words.count > 2, line.hasPrefix("\tset ") || line.hasPrefix("\tmap ") {
                sets.append(NamedSet(table: table, name: String(words[1])))
            } else if line.hasPrefix("\t}") {
                chain = nil
            } else if let table, let chain, line.hasPrefix("\t\t") {
                rules.append(Rule(table: table, chain: chain, text: String(line.drop { $0 == "\t" })))
            }
        }
    }

    private static func isOurs(_ table: Substring) -> Bool {
        table == "wallwright" || table.hasPrefix("wallwright_")
    }
}
