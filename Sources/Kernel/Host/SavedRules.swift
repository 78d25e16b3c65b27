import Compiler

/// What `iptables-save` shows of other owners than Wallwright.
package struct SavedRules: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        package var table: String
        package var chain: String
        /// From `-A` on.
        package var text: String
    }

    /// Those of other owners' chains, without the jumps into ours.
    package private(set) var rules: [Rule] = []
    /// Built-in chains whose policy is another than ACCEPT: `filter FORWARD`.
    package private(set) var closedChains: [String] = []

    /// Whether chains of ours are there too.
    package private(set) var hasOurs = false

    /// Whether somebody keeps a firewall here.
    package var isEmpty: Bool { rules.isEmpty && closedChains.isEmpty }

    /// Reads the output of a save tool (iptables-save(8)); several, one after another, are one text too.
    package init(_ text: String) {
        var table = ""
        for line in QuotedWords.lines(of: text) {
            switch line.first {
            case "*":
                table = String(line.dropFirst())
            case ":":
                // :INPUT DROP [0:0]; a chain of a user has `-` for a policy.
                let words = line.dropFirst().split(separator: " ")
                if let name = words.first, Self.isOurs(name) { hasOurs = true }
                if words.count > 1, words[1] != "-", words[1] != "ACCEPT" {
                    closedChains.append("\(table) \(words[0])")
                }
            default:
                if let rule = SavedRule(line) { add(rule, table) }
            }
        }
    }

    private mutating func add(_ rule: SavedRule, _ table: String) {
        guard !Self.isOurs(rule.chain), !rule.isJumpToOwnChain, rule.target.map(Self.isOurs) != true else {
            return
        }
        rules.append(Rule(table: table, chain: String(rule.chain), text: String(rule.line)))
    }

    /// A chain of the policy, or the one of the bans, which belong to no generation.
    private static func isOurs(_ chain: Substring) -> Bool {
        chain == BanPrograms.chain || IptablesProgram.isOwnChain(chain)
    }
}
