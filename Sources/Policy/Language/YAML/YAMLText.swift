/// Texts as they are written in YAML.
enum YAMLText {
    /// The text itself where YAML takes it for nothing else, in block and flow style alike; else between quotes.
    static func scalar(_ text: String) -> String {
        isPlain(text) ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
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
