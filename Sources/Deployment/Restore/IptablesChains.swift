import Kernel
import PacketModel

/// All chains of one family, as `iptables-save` shows them, with or without counters.
struct IptablesChains {
    struct Chain {
        var table: String
        var name: String
        var policy: String
        var rules: [OthersRules.Rule] = []

        /// The rules that iptables-restore would not read as they are meant.
        var unwritable: [String] { rules.filter { !$0.isWritable(in: name) }.map(\.text) }
    }

    private(set) var chains: [Chain] = []

    init(_ saved: String) {
        var table = ""
        var places: [String: Int] = [:]
        for line in QuotedWords.lines(of: saved) {
            if line.hasPrefix("*") {
                table = String(line.dropFirst())
                places = [:]
            } else if line.hasPrefix(":") {
                let words = line.dropFirst().split(separator: " ")
                guard words.count > 1 else { continue }
                places[String(words[0])] = chains.count
                chains.append(Chain(table: table, name: String(words[0]), policy: String(words[1])))
            } else if let rule = SavedRule(line), let place = places[String(rule.chain)] {
                chains[place].rules.append(
                    OthersRules.Rule(text: String(rule.body), packets: rule.packets, bytes: rule.bytes)
                )
            }
        }
    }

    /// As if they held just these rules.
    init(_ rules: [OthersRules.Chain], _ family: IPFamily) {
        chains = rules.filter { $0.family == family }.compactMap { chain in
            chain.policy.map {
                Chain(table: chain.table, name: chain.name, policy: $0, rules: chain.rules)
            }
        }
    }

    subscript(table: String, name: String) -> Chain? {
        chains.first { $0.table == table && $0.name == name }
    }
}
