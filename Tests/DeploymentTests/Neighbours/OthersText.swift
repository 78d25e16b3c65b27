import Compiler

@testable import Kernel

/// What tools print, without what is Wallwright's.
///
/// A built-in chain of iptables that is empty and accepts is nothing: the first who uses a table makes it.
enum OthersText {
    /// Of `nft list ruleset`: tables stand at the edge and chains one tab in, each to its closing brace.
    static func ofListing(_ text: String) -> [Substring] {
        var (lines, table, chain): ([Substring], [Substring], [Substring]?) = ([], [], nil)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line == "}" {
                let isShell = table.count == 1 && isOfIptables(table[0])
                if let header = table.first, !isOurTable(header), !isShell { lines += table + [line] }
                table = []
            } else if line == "\t}", let closed = chain {
                if !isOurChain(closed[0]), !isShell(closed, in: table[0]) { table += closed + [line] }
                chain = nil
            } else if line.hasPrefix("\tchain ") {
                chain = [line]
            } else if !leadsToOurs(line) {
                if chain != nil { chain?.append(line) } else { table.append(line) }
            }
        }
        return lines
    }

    /// Of `iptables-save`: a table goes from its name to COMMIT.
    static func ofSave(_ text: String) -> [Substring] {
        var (lines, table): ([Substring], [Substring]) = ([], [])
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line == "COMMIT" {
                let isShell = table.dropFirst().allSatisfy { $0.hasPrefix(":") && $0.contains(" ACCEPT") }
                if !isShell { lines += table + [line] }
                table = []
            } else if !isOurs(line.dropFirst()), !leadsToOurs(line) {
                table.append(line)
            }
        }
        return lines
    }

    /// Of `ipset save`: each line has a verb and the name of a set.
    static func ofSets(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { line in
            line.split(separator: " ").dropFirst().first?.hasPrefix(IptablesProgram.setPrefix) != true
        }
    }

    private static func isOurs(_ name: some StringProtocol) -> Bool {
        name.hasPrefix(IptablesProgram.chainPrefix)
    }

    /// Whether a rule is in a chain of ours, or jumps to one; a comment that speaks of them is another's.
    private static func leadsToOurs(_ line: Substring) -> Bool {
        let words = QuotedWords.split(line)
        return zip(words, words.dropFirst()).contains { verb, name in
            ["-A", "-j", "-g", "jump", "goto"].contains(verb) && isOurs(name)
        }
    }

    private static func isOurTable(_ header: Substring) -> Bool {
        ["table inet wallwright ", "table inet wallwright_bans "].contains { header.hasPrefix($0) }
    }

    private static func isOurChain(_ header: Substring) -> Bool {
        isOurs(header.dropFirst("\tchain ".count))
    }

    private static func isShell(_ chain: [Substring], in table: Substring) -> Bool {
        chain.count == 2 && chain[1].hasSuffix("policy accept;") && isOfIptables(table)
    }

    private static func isOfIptables(_ header: Substring) -> Bool {
        let words = header.split(separator: " ")
        return words.count > 2 && ["ip", "ip6"].contains(words[1])
            && ["filter", "nat", "mangle", "raw", "security"].contains(words[2])
    }
}
