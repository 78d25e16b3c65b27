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
        for line in text.split(separator: "\n") {
            switch line.first {
            case "*":
                table = String(line.dropFirst())
            case ":":
                // :INPUT DROP [0:0]; a chain of a user has `-` for a policy.
                let words = line.dropFirst().split(separator: " ")
                if line.dropFirst().hasPrefix(IptablesProgram.chainPrefix) { hasOurs = true }
                if words.count > 1, words[1] != "-", words[1] != "ACCEPT" {
                    closedChains.append("\(table) \(words[0])")
                }
            case "-":
                add(line, table)
            default:
                break
            }
        }
    }

    private mutating func add(_ line: Substring, _ table: String) {
        let words = QuotedWords.split(line)
        guard words.count > 1, words[0] == "-A" else { return }
        let target = words.firstIndex { $0 == "-j" || $0 == "-g" }.flatMap { words.dropFirst($0 + 1).first }
        let names = [words[1], target].compactMap(\.self)
        guard !names.contains(where: { $0.hasPrefix(IptablesProgram.chainPrefix) }) else { return }
        rules.append(Rule(table: table, chain: words[1], text: String(line)))
    }
}
