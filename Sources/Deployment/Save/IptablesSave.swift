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
        let kept = Set(rules.filter { !isIdle($1) }.map { $1[1] })
        for line in lines {
            if line.hasPrefix(":") {
                let chain = String(line.dropFirst().prefix { $0 != " " })
                if let owner = owner(of: chain, kept) {
                    leftOut.add(chain: chain, of: owner, in: String(name))
                    continue
                }
            } else if line.hasPrefix("-A ") {
                if let owner = owner(of: QuotedWords.split(line), kept) {
                    leftOut.addRule(of: owner)
                    continue
                }
            }
            text += line + "\n"
        }
    }

    /// Whether a rule does nothing: the RETURN that stands at the end of a chain for people.
    private func isIdle(_ words: [String]) -> Bool { words.count == 4 && words[2...] == ["-j", "RETURN"] }

    /// Nil for a chain of a person's, and for one that an owner made for people who wrote something into it.
    private func owner(of chain: String, _ kept: Set<String>) -> RuleOwner? {
        owners.first { $0.owns(chain: chain) && !($0.leavesToPeople(chain: chain) && kept.contains(chain)) }
    }

    private func owner(of words: [String], _ kept: Set<String>) -> RuleOwner? {
        guard words.count > 1 else { return nil }
        if let owner = owner(of: words[1], kept) { return owner }
        let target = Self.value(["-j", "-g"], words)
        // The jump to a chain for people is the owner's all the same.
        if let target, let owner = owners.first(where: { $0.owns(chain: target) }) { return owner }
        let set = Self.value(["--match-set", "--add-set", "--del-set"], words)
        if let set, let owner = owners.first(where: { $0.owns(set: set) }) { return owner }
        return owners.first { $0.writesForBridges(words) }
    }

    private static func value(_ options: [String], _ words: [String]) -> String? {
        words.lastIndex { options.contains($0) }.flatMap { words.dropFirst($0 + 1).first }
    }
}
