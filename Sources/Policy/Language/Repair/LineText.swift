import Diagnostics
import PacketModel

/// A line that somebody wrote as one would say it: `allow ssh from 192.0.2.1`.
struct LineText {
    enum Action: String {
        case allow
        case deny
    }

    let action: Action
    let isRejected: Bool
    /// Lists of services, one for each meaning.
    let services: [[String]]
    /// The other keys, with values as they are written.
    let parts: [(key: String, value: String)]

    static let verbs: [String: Action] = [
        "allow": .allow, "accept": .allow, "permit": .allow, "pass": .allow, "open": .allow,
        "deny": .deny, "drop": .deny, "block": .deny, "reject": .deny, "ban": .deny,
    ]

    private static let keywords = [
        "from": "from", "saddr": "from", "src": "from", "to": "to", "daddr": "to", "dst": "to", "in": "in",
        "iif": "in", "iifname": "in", "out": "out", "oif": "out", "oifname": "out",
        "on": "", "via": "", "limit": "limit", "except": "except",
    ]

    /// As ufw admits six in half a minute.
    private static let limitVerbs: Set<String> = ["limit"]

    /// Words of other languages that say nothing here.
    private static let fillers: Set<String> = [
        "ufw", "rule", "name", "then", "insert", "append", "add", "traffic", "incoming",
        "outgoing",
        "connections",
    ]

    /// `allow in on eth0 to any port 80 proto tcp`: the words in the order of ours; a verb at the end comes first.
    private static func inOrder(_ text: String) -> [String] {
        let plain = text.replacing("=", with: " ").replacing("\"", with: "").replacing(";", with: ", ")
            .replacing("source address ", with: "from ").replacing("destination address ", with: "to ")
            .replacing(#/\bfamily (?:ipv4|ipv6|inet6?) /#, with: "")
        var words = plain.split(separator: " ").map(String.init).filter { !fillers.contains($0.lowercased()) }
        if let last = words.last?.lowercased(), verbs[last] != nil, words.count > 1 {
            words.removeLast()
            words.insert(last, at: 0)
        }
        // `in on eth0`, `to any`
        for (first, second) in [("in", "on"), ("out", "on")] {
            if let place = words.indices.dropLast().first(where: {
                words[$0] == first && words[$0 + 1] == second
            }) {
                words.remove(at: place + 1)
            }
        }
        for keyword in ["from", "to"] {
            if let place = words.indices.dropLast().first(where: {
                words[$0] == keyword && ["any", "anywhere", "all"].contains(words[$0 + 1])
            }) {
                words.removeSubrange(place...place + 1)
            }
        }
        // Ports and protocols belong to the service, wherever they stand.
        var services: [String] = []
        while let place = words.indices.dropLast().first(where: { portWords.contains(words[$0].lowercased()) }
        ) {
            services.insert(words[place + 1], at: words[place].hasPrefix("proto") ? 0 : services.count)
            words.removeSubrange(place...place + 1)
        }
        let verb =
            words.first.map { verbs[$0.lowercased().prefix { !":,".contains($0) }.description] != nil }
            ?? false
        words.insert(contentsOf: services, at: verb ? 1 : 0)
        return words
    }

    private static let portWords: Set<String> = ["port", "proto", "protocol", "dport", "service"]

    /// Nil for what is not understood as a whole.
    init?(_ text: String, direction: Direction, services own: [String], sets: [String]) {
        var words = Self.inOrder(text)[...]
        guard let first = words.first, text.utf8.count <= 256 else { return nil }
        if Self.limitVerbs.contains(first.lowercased()) {
            words = words.dropFirst() + ["limit", "10/minute", "per", "source"]
        }
        var verb = first.split(maxSplits: 1, omittingEmptySubsequences: false) { ":,".contains($0) }.map(
            String.init
        )
        action = Self.verbs[verb[0].lowercased()] ?? .allow
        isRejected = verb[0].lowercased() == "reject"
        if Self.verbs[verb[0].lowercased()] != nil {
            words.removeFirst()
            verb.removeFirst()
            if let rest = verb.first, !rest.isEmpty { words.insert(rest, at: words.startIndex) }
        }
        let spoken = words.prefix { Self.keywords[$0.lowercased().trimmingColon] == nil }
        words = words.dropFirst(spoken.count)
        var parts: [(key: String, value: String)] = []
        while let word = words.popFirst() {
            guard var key = Self.keywords[word.lowercased().trimmingColon] else { return nil }
            if key.isEmpty { key = direction == .outbound ? "out" : "in" }
            if let next = words.first, InterfaceRepair.looksLikeInterface(next) {
                key = ["from": "in", "to": "out"][key] ?? key
            }
            let value = words.prefix { Self.keywords[$0.lowercased().trimmingColon] == nil }.joined(
                separator: " "
            )
            words = words.drop { Self.keywords[$0.lowercased().trimmingColon] == nil }
            guard let written = Self.value(value, of: key, sets), !parts.contains(where: { $0.key == key })
            else {
                return nil
            }
            parts.append((key, written))
        }
        self.parts = parts
        let text = spoken.joined(separator: " ")
        let isBan = spoken.isEmpty && action == .deny && !parts.isEmpty
        services = isBan ? [["any"]] : Self.services(text, own)
        if services.isEmpty { return nil }
    }

    private static func services(_ text: String, _ own: [String]) -> [[String]] {
        ServiceRepair.isService(text, own: own) ? [[text]] : ServiceRepair.meanings(of: text, own: own)
    }

    private static func value(_ text: String, of key: String, _ sets: [String]) -> String? {
        switch key {
        case "from", "to", "except":
            if sets.contains(text) { return text }
            if case .interval? = try? AddressText.read(text) { return YAMLText.scalar(text) }
            guard case .entries(let choices)? = AddressRepair.repair(of: text), choices.count == 1 else {
                return nil
            }
            let entries = choices[0].map(YAMLText.scalar)
            return entries.count == 1 ? entries[0] : "[" + entries.joined(separator: ", ") + "]"
        case "in", "out": return InterfacePattern(text) == nil ? nil : YAMLText.scalar(text)
        case "limit":
            if (try? RateText.limit(text)) != nil { return text }
            let meanings = RateRepair.meanings(of: text, isLimit: true)
            return meanings.count == 1 ? meanings[0] : nil
        default: return nil
        }
    }
}

extension String {
    fileprivate var trimmingColon: String { hasSuffix(":") ? String(dropLast()) : self }
}
