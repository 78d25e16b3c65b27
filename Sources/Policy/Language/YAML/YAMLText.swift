/// Texts as they are written in YAML.
enum YAMLText {
    /// The text itself where YAML takes it for nothing else, in block and flow style alike; else between quotes.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// A value on one line, in brackets and braces where it has parts; nil for nothing.
    static func flow(_ node: YAMLNode) -> String? {
        switch node.content {
        case .scalar(let scalar):
            if scalar.kind == .null || scalar.text.contains("\n") { return nil }
            return scalar.style == .plain || scalar.kind != .string
                ? self.scalar(scalar.text) : quoted(scalar.text)
        case .sequence(let elements):
            let texts = elements.compactMap(flow)
            return texts.count == elements.count ? "[" + texts.joined(separator: ", ") + "]" : nil
        case .mapping(let entries):
            let texts = entries.compactMap { entry in flow(entry.value).map { "\(entry.key): \($0)" } }
            return texts.count == entries.count ? "{" + texts.joined(separator: ", ") + "}" : nil
        }
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        let isHarmless = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            default: "_./+- ".utf8.contains(byte)
            }
        }
        let ends = [text.utf8.first, text.utf8.last].compactMap(\.self)
        return isHarmless && ends.count == 2 && !ends.contains { " -".utf8.contains($0) }
    }
}
