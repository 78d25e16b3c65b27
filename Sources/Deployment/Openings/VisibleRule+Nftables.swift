import Kernel
import PacketModel

extension VisibleRule {
    /// Of a rule as nft lists it.
    init(nftables text: String, in table: String, chain: String, owner: RuleOwner?) {
        self.init(table: table, chain: chain, owner: owner)
        var words = QuotedWords.split(text)[...]
        while let word = words.popFirst() { read(word, &words) }
    }

    private mutating func read(_ word: String, _ words: inout ArraySlice<String>) {
        switch word {
        case "tcp", "udp", "sctp":
            // `tcp dport map @ports` says by what a map is asked.
            guard words.first == "dport" else { return }
            words.removeFirst()
            transports = [word].compactMap(Self.transport)
            ports += Self.values(&words).compactMap { Self.ports($0, between: "-") }
            readMap(&words)
        case "th":
            guard words.first == "dport" else { return }
            words.removeFirst()
            ports += Self.values(&words).compactMap { Self.ports($0, between: "-") }
            readMap(&words)
        case "l4proto": transports = Self.values(&words).compactMap(Self.transport)
        case "iifname", "iif": input = Self.values(&words).first.map { String($0.filter { $0 != "\"" }) }
        case "saddr": source = Self.values(&words).joined(separator: ", ")
        case "ipsec", "secpath": isOfIPsec = true
        case "comment": words = words.dropFirst()
        case "accept": verdict = .accept
        case "drop", "reject": verdict = .refuse
        case "jump", "goto": verdict = words.popFirst().map { .jump($0) } ?? .other
        case "dnat", "redirect", "tproxy": translate(word, &words)
        case "vmap": readVerdicts(&words)
        default: break
        }
    }

    private mutating func translate(_ kind: String, _ words: inout ArraySlice<String>) {
        if ["ip", "ip6"].contains(words.first) { words.removeFirst() }
        var target: String?
        if words.first == "to" {
            words.removeFirst()
            // An address, a port, or a question to a map, which is read as it comes.
            if let word = words.first, !["tcp", "udp", "meta", "th", "ip", "ip6"].contains(word) {
                target = word
                words.removeFirst()
            }
        }
        let port = target.flatMap { $0.split(separator: ":").last }.flatMap { UInt16($0) }
        verdict =
            switch kind {
            case "redirect": .redirect(port)
            case "tproxy": .transparent(port)
            default: .sendTo(target ?? "another address")
            }
    }

    /// `map @port_map`, after what it is asked by.
    private mutating func readMap(_ words: inout ArraySlice<String>) {
        guard ["map", "vmap"].contains(words.first), let name = words.dropFirst().first, name.hasPrefix("@")
        else {
            return
        }
        verdict = .lookUp(String(name.dropFirst()))
        words = words.dropFirst(2)
    }

    private mutating func readVerdicts(_ words: inout ArraySlice<String>) {
        if let name = words.first, name.hasPrefix("@") { verdict = .lookUp(String(name.dropFirst())) }
    }

    /// The values of a match: one, or those between braces; none where it is negated or asks a set.
    private static func values(_ words: inout ArraySlice<String>) -> [String] {
        if words.first == "!=" {
            words.removeFirst()
            _ = values(&words)
            return []
        }
        guard let first = words.first, !["map", "vmap"].contains(first) else { return [] }
        words.removeFirst()
        guard first == "{" else { return first.hasPrefix("@") ? [] : [first] }
        var values: [String] = []
        while let word = words.popFirst(), word != "}" { values.append(word.filter { $0 != "," }) }
        return values
    }
}
