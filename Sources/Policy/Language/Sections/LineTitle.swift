import Diagnostics

/// What a line says, in a few words: `deny any from blocklist`.
enum LineTitle {
    /// In characters; titles go into comments of rules.
    static let longest = 40

    private static let actions = ["allow", "deny", "redirect", "port-forward", "masquerade"]
    private static let parts = ["from", "to", "in", "out", "user"]

    static func title(of node: YAMLNode) -> String {
        guard case .mapping(let entries) = node.content else { return shortened(words(of: node)) }
        var words: [String] = []
        for key in actions {
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            words.append(key == "masquerade" ? key : "\(key) \(Self.words(of: entry.value))")
        }
        for key in parts {
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            words.append("\(key) \(Self.words(of: entry.value))")
        }
        return shortened(words.joined(separator: " "))
    }

    private static func words(of node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): scalar.kind == .null ? "any" : scalar.text
        case .sequence(let elements): elements.prefix(8).map(words).joined(separator: ", ")
        case .mapping: "…"
        }
    }

    private static func shortened(_ text: String) -> String {
        text.count <= longest ? text : text.prefix(longest - 1) + "…"
    }
}

extension Reading {
    func origin(_ node: YAMLNode, _ title: String) -> Origin {
        Origin(line: source.lineNumber(of: node.range.start), range: node.range, title: title)
    }
}
