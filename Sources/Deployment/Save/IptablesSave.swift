import Kernel

/// What `iptables-save` said of one family, without what some owners keep there.
struct IptablesSave: Sendable {
    /// Whole tables, for iptables-restore(8).
    private(set) var text = ""
    private(set) var leftOut = LeftOut()

    private let owners: [RuleOwner]

    init(_ saved: String, without owners: [RuleOwner]) {
        self.owners = owners
        var table: [Substring] = []
        for line in saved.split(separator: "\n") where !line.hasPrefix("#") {
            table.append(line)
            guard line == "COMMIT" else { continue }
            add(table)
            table = []
        }
    }

    /// Whether a rule or a closed chain is in it.
    var isEmpty: Bool { SavedRules(text).isEmpty }

    private mutating func add(_ lines: [Substring]) {
        guard let name = lines.first?.dropFirst() else { return }
        let rules = lines.filter { $0.hasPrefix("-A ") }.map { ($0, QuotedWords.split($0)) }
        let table = RuleOwners(owners, kept: Set(rules.filter { !isIdle($1) }.map { $1[1] }))
        for line in lines {
            if line.hasPrefix(":") {
                let chain = String(line.dropFirst().prefix { $0 != " " })
                if let owner = table.owner(ofChain: chain) {
                    leftOut.add(chain: chain, of: owner, in: String(name))
                    continue
                }
            } else if line.hasPrefix("-A ") {
                if let owner = table.owner(of: QuotedWords.split(line)) {
                    leftOut.addRule(of: owner)
                    continue
                }
            }
            text += line + "\n"
        }
    }

    /// Whether a rule does nothing: the RETURN that stands at the end of a chain for people.
    private func isIdle(_ words: [String]) -> Bool { words.count == 4 && words[2...] == ["-j", "RETURN"] }
}
