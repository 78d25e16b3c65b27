package import Netfilter
package import PacketModel

/// Writes a ruleset in the language of `iptables-restore --noflush`.
///
/// Tables of the families `ip` and `ip6` are written. Chains without a hook are ours: their line empties
/// them or makes them. Chains with a hook are the built-in ones: they belong to others too, so their rules
/// are the jumps into ours, put before everything else that stands there.
package enum IptablesPrinter {
    /// The one rule that leads from a built-in chain to one of ours.
    package struct Jump: Hashable, Sendable {
        /// `filter` or `nat`.
        package var table: String
        package var builtInChain: String
        /// The words after the chain: `-j WALLWRIGHT-INPUT`.
        package var words: [String]
    }

    /// The text for one family, each table in one transaction of its own.
    ///
    /// Without the jumps, loading it twice changes nothing.
    package static func restoreFile(
        _ ruleset: Ruleset,
        family: IPFamily,
        includingJumps: Bool
    ) throws(Inexpressible) -> String {
        let printer = RulePrinter(family: family, sets: setsByName(ruleset))
        var text = ""
        for table in ruleset.tables where table.family == family.tableFamily {
            if !text.isEmpty { text += "\n" }
            try write(table, with: printer, includingJumps: includingJumps, to: &text)
        }
        return text
    }

    /// The jumps into our chains, table by table.
    package static func jumps(_ ruleset: Ruleset, family: IPFamily) throws(Inexpressible) -> [Jump] {
        let printer = RulePrinter(family: family, sets: setsByName(ruleset))
        var jumps: [Jump] = []
        for table in ruleset.tables where table.family == family.tableFamily {
            for chain in table.chains where chain.hook != nil {
                for rule in chain.rules {
                    for line in try printer.lines(of: rule) {
                        let words = line.split(separator: " ").map(String.init)
                        jumps.append(Jump(table: table.name, builtInChain: chain.name, words: words))
                    }
                }
            }
        }
        return jumps
    }

    /// The names of our own chains of a table, in the order in which they are written.
    package static func ownChains(_ ruleset: Ruleset, family: IPFamily, table: String) -> [String] {
        ruleset.tables.filter { $0.family == family.tableFamily && $0.name == table }
            .flatMap(\.chains).filter { $0.hook == nil }.map(\.name)
    }

    private static func setsByName(_ ruleset: Ruleset) -> [String: NamedSet] {
        Dictionary(ruleset.sets.map { ($0.name, $0) }) { first, _ in first }
    }

    private static func write(
        _ table: Table,
        with printer: RulePrinter,
        includingJumps: Bool,
        to text: inout String
    ) throws(Inexpressible) {
        writeComment(table.comment, to: &text)
        text += "*\(table.name)\n"
        let own = table.chains.filter { $0.hook == nil }
        for chain in own { text += ":\(chain.name) - [0:0]\n" }
        for chain in own {
            text += "\n"
            writeComment(chain.comment, to: &text)
            for rule in chain.rules {
                for line in try printer.lines(of: rule) {
                    text += line.isEmpty ? "-A \(chain.name)\n" : "-A \(chain.name) \(line)\n"
                }
            }
        }
        if includingJumps {
            text += "\n# The way in, before the rules of others.\n"
            for chain in table.chains where chain.hook != nil {
                // Each line goes to the top, so the first one is inserted last.
                for rule in chain.rules.reversed() {
                    for line in try printer.lines(of: rule).reversed() {
                        text += "-I \(chain.name) \(line)\n"
                    }
                }
            }
        }
        text += "COMMIT\n"
    }

    private static func writeComment(_ comment: String?, to text: inout String) {
        guard let comment else { return }
        for line in comment.split(whereSeparator: \.isNewline) { text += "# \(line)\n" }
    }
}

extension IPFamily {
    fileprivate var tableFamily: Table.Family {
        switch self {
        case .ipv4: .ip
        case .ipv6: .ip6
        }
    }
}
