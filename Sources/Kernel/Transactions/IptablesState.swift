/// What `iptables-save` said of one family.
struct IptablesState: Hashable, Sendable {
    let text: String

    /// The rules of each table, as saved, without their counters.
    private let rules: [String: Set<[Substring]>]

    init(_ text: String) {
        self.text = text
        var rules: [String: Set<[Substring]>] = [:]
        var table = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                rules[table] = []
            } else {
                // Counters stand before the rule: [12:3400] -A INPUT …
                let words = line.split(separator: " ").drop { $0.hasPrefix("[") }
                if words.first == "-A" { rules[table, default: []].insert(Array(words)) }
            }
        }
        self.rules = rules
    }

    func has(table: String) -> Bool { rules[table] != nil }

    /// Whether the built-in chain already leads to the target of the jump.
    func has(_ jump: IptablesProgram.Jump) -> Bool {
        let target = jump.words.suffix(2)
        return rules[jump.table, default: []].contains { rule in
            rule.count > 3 && rule[1] == jump.chain && rule.suffix(2).elementsEqual(target, by: ==)
        }
    }

    /// Text for `iptables-restore` that brings this state back, after tables were loaded that it does not have.
    func text(emptying tables: [String]) -> String {
        let new = tables.filter { !has(table: $0) }.map { table in
            let chains = Self.builtInChains[table, default: []].map { ":\($0) ACCEPT [0:0]\n" }
            return "*\(table)\n\(chains.joined())COMMIT\n"
        }
        return text + new.joined()
    }

    /// The built-in chains (iptables(8), "TABLES").
    private static let builtInChains = [
        "filter": ["INPUT", "FORWARD", "OUTPUT"],
        "nat": ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        "raw": ["PREROUTING", "OUTPUT"],
        "security": ["INPUT", "FORWARD", "OUTPUT"],
    ]
}

extension IptablesProgram.Family {
    /// The tables that the text loads, in its order.
    var tables: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("*") }.map { String($0.dropFirst()) }
    }

    /// The text with the jumps that `state` has not got, each in the transaction of its table.
    func text(missingFrom state: IptablesState) -> String {
        let missing = jumps.filter { !state.has($0) }
        var insertions: [Substring: String] = [:]
        // Each insertion goes to the top, so the first one comes last.
        for jump in missing.reversed() {
            let line = "-I \(jump.chain) 1 \(jump.words.joined(separator: " "))\n"
            insertions[jump.table[...], default: ""] += line
        }
        var (result, table): (String, Substring) = ("", "")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("*") { table = line.dropFirst() }
            if line == "COMMIT" { result += insertions.removeValue(forKey: table) ?? "" }
            result += line + "\n"
        }
        for (table, lines) in insertions.sorted(by: { $0.key < $1.key }) {
            result += "*\(table)\n\(lines)COMMIT\n"
        }
        return result
    }
}
