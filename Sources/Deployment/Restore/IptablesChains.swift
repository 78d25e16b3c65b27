import Kernel
import PacketModel

/// All chains of one family, as `iptables-save` shows them, with or without counters.
struct IptablesChains {
    struct Chain {
        var table: String
        var name: String
        var policy: String
        var rules: [OthersRules.Rule] = []
    }

    private(set) var chains: [Chain] = []

    init(_ saved: String) {
        var table = ""
        var places: [String: Int] = [:]
        for line in saved.split(separator: "\n") {
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                places = [:]
            } else if line.hasPrefix(":") {
                let words = line.dropFirst().split(separator: " ")
                guard words.count > 1 else { continue }
                places[String(words[0])] = chains.count
                chains.append(Chain(table: table, name: String(words[0]), policy: String(words[1])))
            } else if let (name, rule) = Self.rule(line), let place = places[name] {
                chains[place].rules.append(rule)
            }
        }
    }

    subscript(table: String, name: String) -> Chain? {
        chains.first { $0.table == table && $0.name == name }
    }

    /// `[12:3400] -A INPUT -p tcp -j ACCEPT`, or without the counters.
    private static func rule(_ line: Substring) -> (String, OthersRules.Rule)? {
        let counted = line.hasPrefix("[") ? line.dropFirst().prefix { $0 != "]" } : ""
        let counts = counted.split(separator: ":").map { UInt64($0) ?? 0 }
        let command = line.hasPrefix("[") ? line.drop { $0 != " " }.dropFirst() : line
        let words = command.split(separator: " ", maxSplits: 2)
        guard words.count > 1, words[0] == "-A" else { return nil }
        return (
            String(words[1]),
            OthersRules.Rule(
                text: words.count > 2 ? String(words[2]) : "",
                packets: counts.first ?? 0,
                bytes: counts.dropFirst().first ?? 0
            )
        )
    }
}
