import Kernel
import PacketModel

extension VisibleRule {
    /// Of the words of a rule that iptables-save shows, from `-A` on; nil for something else.
    init?(iptables words: [String], in table: String, owner: RuleOwner?) {
        guard words.count > 1, words[0] == "-A" else { return nil }
        self.init(table: table, chain: words[1], owner: owner)
        let target = RuleWords(words).target
        var (destination, ports): (String?, ClosedRange<UInt16>?)
        var isNegated = false
        var index = 2
        while index < words.count {
            let word = words[index]
            if word == "!" {
                (isNegated, index) = (true, index + 1)
                continue
            }
            if let value = words.dropFirst(index + 1).first {
                if !isNegated { read(word, value) }
                switch word {
                case "--to-destination": destination = value
                case "--to-ports", "--on-port": ports = Self.ports(value, between: "-")
                default: break
                }
            }
            isNegated = false
            index += RuleWords.texts.contains(word) ? 2 : 1
        }
        verdict =
            switch target {
            case "ACCEPT": .accept
            case "DROP", "REJECT", "TARPIT": .refuse
            case "DNAT": .sendTo(destination ?? "another address")
            case "REDIRECT": .redirect(ports?.lowerBound)
            case "TPROXY": .transparent(ports?.lowerBound)
            case let chain?: .jump(chain)
            case nil: .other
            }
    }

    private mutating func read(_ option: String, _ value: String) {
        switch option {
        case "-p": transports = [value].compactMap(Self.transport)
        case "--dport": ports += [Self.ports(value, between: ":")].compactMap(\.self)
        case "--dports": ports += value.split(separator: ",").compactMap { Self.ports($0, between: ":") }
        case "-i": input = value
        case "-s": source = value
        case "--pol": isOfIPsec = isOfIPsec || value == "ipsec"
        default: break
        }
    }

    static func transport(_ name: some StringProtocol) -> IPProtocol? {
        [("tcp", IPProtocol.tcp), ("udp", .udp), ("sctp", .sctp)].first { $0.0 == name }?.1
    }
}
