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
        for line in QuotedWords.lines(of: saved) where !line.hasPrefix("#") {
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
            .filter { $0.1.count > 1 }
        let table = RuleOwners(
            owners,
            chains: lines.filter { $0.hasPrefix(":") }.map(Self.chain),
            kept: Set(rules.filter { !isIdle($1) }.map { $1[1] })
        )
        var gone: [String: [RuleOwner]] = [:]
        var stays: Set<String> = []
        var kept: [Substring] = []
        for (line, words) in rules {
            if let owner = table.owner(of: words) {
                leftOut.addRule(of: owner)
                gone[words[1], default: []].append(owner)
            } else if SavedRule(line)?.isWritable == false {
                leftOut.add("a rule that iptables-restore would not read as it is meant: \(line)")
            } else {
                stays.insert(words[1])
                kept.append(line)
            }
        }
        let losers = Set(gone.values.joined())
        text += "*\(name)\n"
        for line in lines where line.hasPrefix(":") {
            let chain = Self.chain(line)
            if let owner = table.owner(ofChain: chain) {
                leftOut.add(chain: chain, of: owner, in: String(name))
            } else if let owner = opener(
                of: line,
                gone[chain] ?? [],
                inTable: losers,
                isEmpty: !stays.contains(chain)
            ) {
                leftOut.add(policyOf: chain, of: owner, in: String(name))
                text += ":\(chain) ACCEPT [0:0]\n"
            } else {
                text += line + "\n"
            }
        }
        for line in kept { text += line + "\n" }
        text += "COMMIT\n"
    }

    /// Who of those whose rules are left out makes a policy one that must not stay: one who shuts it, or anybody of whom
    /// rules stood in the chain where no other rule does, for then nothing at all would pass.
    private func opener(
        of line: Substring,
        _ gone: [RuleOwner],
        inTable: Set<RuleOwner>,
        isEmpty: Bool
    ) -> RuleOwner? {
        let words = line.dropFirst().split(separator: " ")
        guard words.count > 1, words[1] != "-", words[1] != "ACCEPT" else { return nil }
        return inTable.first { $0.policies.contains(String(words[0])) } ?? (isEmpty ? gone.first : nil)
    }

    private static func chain(_ line: Substring) -> String {
        String(line.dropFirst().prefix { $0 != " " })
    }

    /// Whether a rule does nothing: the RETURN that stands at the end of a chain for people.
    private func isIdle(_ words: [String]) -> Bool { words.count == 4 && words[2...] == ["-j", "RETURN"] }
}
