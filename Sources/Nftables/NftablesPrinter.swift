package import Netfilter
import PacketModel

/// Prints a ruleset as the text that `nft -f` reads (nft(8)).
///
/// The text replaces the tables that it names and touches no others: each is created, so that deleting it cannot
/// fail, then deleted and filled, and the kernel takes all of it in one transaction.
package enum NftablesPrinter {
    package static func print(_ ruleset: Ruleset) throws(Inexpressible) -> String {
        var text = ""
        for table in ruleset.tables {
            let name = "\(table.family.rawValue) \(table.name)"
            text += "table \(name) { }\ndelete table \(name)\n\n"
            text += try TablePrinter(table: table).print()
        }
        return text
    }
}

/// Prints one table.
struct TablePrinter {
    let table: Table
    private let setsByName: [String: NamedSet]

    init(table: Table) {
        self.table = table
        setsByName = Dictionary(table.sets.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func print() throws(Inexpressible) -> String {
        var text = "table \(table.family.rawValue) \(table.name) {\n"
        if let comment = table.comment { text += "    comment \(Self.quoted(comment))\n\n" }
        for set in table.sets {
            text += try SetPrinter(named: set).print()
            text += "\n"
        }
        var chains: [String] = []
        for chain in table.chains { chains.append(try print(chain)) }
        text += chains.joined(separator: "\n")
        text += "}\n"
        return text
    }

    private func print(_ chain: Chain) throws(Inexpressible) -> String {
        var text = "    chain \(chain.name) {\n"
        if let hook = chain.hook {
            text +=
                "        type \(hook.kind.rawValue) hook \(hook.point.rawValue) priority \(Self.priorityText(hook.priority));"
            text += " policy \(hook.policy.rawValue);\n"
        }
        if let comment = chain.comment { text += "        comment \(Self.quoted(comment))\n" }
        let printer = RulePrinter(setsByName: setsByName)
        for rule in chain.rules { text += "        \(try printer.print(rule))\n" }
        text += "    }\n"
        return text
    }

    /// The names of nft(8), "Standard priority names".
    private static func priorityText(_ priority: Int) -> String {
        switch priority {
        case -100: "dstnat"
        case 0: "filter"
        case 100: "srcnat"
        default: String(priority)
        }
    }

    /// The longest comment that nft keeps, in bytes (NFTNL_UDATA_COMMENT_MAXLEN of libnftnl, with its terminator).
    private static let longestComment = 127

    /// A string of nft, which has no way to write a quotation mark inside one.
    static func quoted(_ text: String) -> String {
        var kept = ""
        for scalar in text.unicodeScalars {
            let safe: Unicode.Scalar = scalar == "\"" ? "'" : scalar.value < 0x20 ? " " : scalar
            guard kept.utf8.count + UTF8.width(safe) <= longestComment else { break }
            kept.unicodeScalars.append(safe)
        }
        return "\"\(kept)\""
    }
}
