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

    private static let verbs: [String: Action] = [
        "allow": .allow, "accept": .allow, "permit": .allow, "pass": .allow, "open": .allow,
        "deny": .deny, "drop": .deny, "block": .deny, "reject": .deny, "ban": .deny,
    ]

    private static let keywords = [
        "from": "from", "to": "to", "in": "in", "out": "out", "on": "", "via": "", "limit": "limit",
        "except": "except",
    ]

    /// Nil for what is not understood as a whole.
    init?(_ text: String, direction: Direction, services own: [String], sets: [String]) {
        var words = text.replacing("=", with: " ").split(separator: " ").map(String.init)[...]
        guard let first = words.first, text.utf8.count <= 256 else { return nil }
        var verb = first.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
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
