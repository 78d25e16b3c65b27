import Diagnostics
import PacketModel

/// A line whose parts stand under the keys of another firewall, or in the wrong place, gathered into the keys of ours.
struct LineRewrite {
    /// What is told, and where.
    private(set) var problem: (message: String, place: SourceRange)?
    private var action: LineText.Action?
    private var isRejected = false
    private var services: [String] = []
    /// Those that stood at addresses.
    private var ports: [String] = []
    private var limit: [String] = []
    private var others: [(key: String, value: String)] = []

    private let reading: Reading
    private let direction: Direction
    private let keys: KeyTable<LineDraft>

    /// Nil where nothing of that kind is wrong, or something else is too.
    init?(_ entries: [YAMLEntry], direction: Direction, keys: KeyTable<LineDraft>, reading: Reading) {
        (self.reading, self.direction, self.keys) = (reading, direction, keys)
        for entry in entries { guard add(entry) else { return nil } }
        guard problem != nil else { return nil }
        if action == nil, !limit.isEmpty { action = .allow }
    }

    /// The keys and values of the line, a list for each meaning; empty when it cannot be said.
    var meanings: [[(key: String, value: String)]] {
        guard let action else { return [] }
        let own = reading.services.states.keys.sorted()
        // The line is for those ports alone, or names its services already.
        let isOpen = services.allSatisfy { ["any", "tcp", "udp"].contains($0) }
        let text =
            (ports.isEmpty || !isOpen ? services : services.filter { $0 != "any" } + ports).joined(
                separator: " "
            )
        let found: [[String]] =
            text.isEmpty
            ? (others.contains { ["from", "to", "in", "out", "user"].contains($0.key) } ? [["any"]] : [])
            : ServiceRepair.isService(text, own: own) ? [[text]] : ServiceRepair.meanings(of: text, own: own)
        let limits = limit.isEmpty ? [nil] : Self.limits(limit.joined(separator: " ")).map(Optional.some)
        return found.flatMap { services in
            limits.map { limit in
                [(action.rawValue, Reading.inline(services))] + others + (limit.map { [("limit", $0)] } ?? [])
                    + (isRejected ? [("reject", "true")] : [])
            }
        }
    }

    private static func limits(_ text: String) -> [String] {
        (try? RateText.limit(text)) == nil ? RateRepair.meanings(of: text, isLimit: true) : [text]
    }

    private mutating func add(_ entry: YAMLEntry) -> Bool {
        let key = entry.key.lowercased()
        let words = Reading.words(of: entry.value)
        if Self.verdictKeys.contains(key), let verb = LineText.verbs[words.lowercased()] {
            note("a line begins with what it does: `allow` or `deny`", entry.keyRange)
            return set(verb, isRejected: words.lowercased() == "reject")
        }
        if Reading.portKeys.contains(key) {
            services.append(words)
            return true
        }
        switch keys.meant(entry.key) ?? key {
        case "allow": return addAction(.allow, entry)
        case "deny": return addAction(.deny, entry)
        case "limit":
            if !words.contains(where: \.isNumber), ServiceCatalogue.named(words.lowercased()) != nil {
                note("a limit says how often; what it limits stands under `allow`", entry.keyRange)
                services.append(words)
                limit.append("10/minute per source")
                return set(.allow, isRejected: false)
            }
            limit.insert(reading.spokenLimit(entry.value), at: 0)
            return true
        case "burst", "per":
            note("`\(key)` is a part of the limit", entry.keyRange)
            limit.append("\(key) \(words)")
            return true
        case "from", "to", "in", "out": return addSide(keys.meant(entry.key) ?? key, entry)
        case let name:
            guard keys.keys.contains(where: { $0.name == name }), let text = YAMLText.flow(entry.value) else {
                return false
            }
            others.append((name, text))
            return true
        }
    }

    private static let verdictKeys: Set<String> = [
        "action", "target", "verdict", "policy", "jump", "decision", "then", "do", "type",
    ]

    private mutating func set(_ action: LineText.Action, isRejected: Bool) -> Bool {
        if let known = self.action, known != action { return false }
        self.action = action
        self.isRejected = self.isRejected || isRejected
        return true
    }

    private mutating func note(_ message: String, _ place: SourceRange) {
        if problem == nil { problem = (message, place) }
    }

    /// Services, or what stands there in their place: other keys, addresses, a set, an interface.
    private mutating func addAction(_ action: LineText.Action, _ entry: YAMLEntry) -> Bool {
        // `service: http` beside `action: deny` says no verdict.
        let isVerdict = LineText.verbs[entry.key.lowercased()] != nil
        if isVerdict, !set(action, isRejected: entry.key.lowercased() == "reject") { return false }
        switch entry.value.content {
        case .mapping(let parts) where parts.contains { !$0.value.isNull }:
            note("the parts of a line stand beside `\(action.rawValue)`, not below it", entry.keyRange)
            return parts.allSatisfy { add($0) }
        case .scalar(let scalar) where scalar.kind == .null: return true
        case .scalar, .sequence, .mapping: break
        }
        let texts = Self.texts(of: entry.value)
        guard let side = side(of: texts) else {
            services += texts
            return true
        }
        note("`\(action.rawValue)` names services; \(side.what) under `\(side.key)`", entry.value.range)
        ports += side.ports
        others.append((side.key, Reading.list(side.values.map(YAMLText.scalar))))
        return true
    }

    private func side(of texts: [String]) -> (key: String, what: String, values: [String], ports: [String])? {
        let (far, near) = direction == .outbound ? ("to", "out") : ("from", "in")
        let own = reading.services.states
        guard !texts.isEmpty, texts.allSatisfy({ own[$0] == nil && ServiceCatalogue.named($0) == nil }) else {
            return nil
        }
        if texts.allSatisfy({ reading.sets.states[$0] != nil }) { return (far, "a set stands", texts, []) }
        if texts.allSatisfy({ reading.interfaces.states[$0] != nil || InterfaceRepair.looksLikeInterface($0) }
        ) {
            return (near, "an interface stands", texts, [])
        }
        let pairs = texts.map { Self.addressAndPort($0) ?? ($0, nil) }
        guard pairs.allSatisfy({ Self.isAddress($0.0) }) else { return nil }
        return (far, "an address stands", pairs.map(\.0), pairs.compactMap(\.1))
    }

    private mutating func addSide(_ key: String, _ entry: YAMLEntry) -> Bool {
        guard let text = YAMLText.flow(entry.value) else { return false }
        let word = entry.value.scalar?.text ?? ""
        guard ["from", "to"].contains(key), let (address, port) = Self.addressAndPort(word), let port else {
            others.append((key, text))
            return true
        }
        note("an address has no port here: a port is a service", entry.value.range)
        ports.append(port)
        others.append((key, YAMLText.scalar(address)))
        return true
    }

    /// `192.0.2.1:22`, `[2001:db8::1]:22`
    private static func addressAndPort(_ text: String) -> (String, String?)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            port > 0
        else {
            return nil
        }
        let bare = text[..<colon].drop { $0 == "[" }
        let host = bare.hasSuffix("]") ? bare.dropLast() : bare
        let isBracketed = text.hasPrefix("[")
        guard let address = IPAddress(host), (address.family == .ipv6) == isBracketed else { return nil }
        return (String(host), String(port))
    }

    private static func isAddress(_ text: String) -> Bool {
        if case .interval? = try? AddressText.read(text) { true } else { false }
    }

    static func texts(of node: YAMLNode) -> [String] {
        switch node.content {
        case .scalar(let scalar): [scalar.text]
        case .sequence(let elements): elements.map(Reading.words)
        case .mapping(let entries): entries.map(\.key)
        }
    }
}

extension Reading {
    /// Returns whether there was something to report.
    mutating func reportForeignLine(
        _ node: YAMLNode,
        direction: Direction,
        keys: KeyTable<LineDraft>
    ) -> Bool {
        guard case .mapping(let entries) = node.content,
            let rewrite = LineRewrite(entries, direction: direction, keys: keys, reading: self),
            let problem = rewrite.problem
        else { return false }
        report(
            "policy.line.words",
            problem.message,
            at: firstLine(of: problem.place),
            fix: fix(rewrite.meanings, inPlaceOf: node)
        )
        return true
    }

    /// The whole line anew; only words where a comment would be lost with it.
    private func fix(_ meanings: [[(key: String, value: String)]], inPlaceOf node: YAMLNode) -> Fix? {
        guard !meanings.isEmpty else { return nil }
        let isFlow = source.bytes[node.range.start] == UInt8(ascii: "{")
        let separator = isFlow ? ", " : "\n" + String(repeating: " ", count: column(of: node.range.start))
        let texts = meanings.map { $0.map { "\($0.key): \($0.value)" } }
        let old = String(decoding: source.bytes[node.range.start..<node.range.end], as: UTF8.self)
        return Fix(
            "write " + texts.map { $0.joined(separator: ", ") }.joined(separator: " or "),
            choices: old.contains(" #")
                ? []
                : texts.map { parts in
                    let text = parts.joined(separator: separator)
                    return [Fix.Edit(node.range, isFlow ? "{\(text)}" : text)]
                }
        )
    }
}
