/// Text between quotes, as the readers of save files take it.
enum QuotedText {
    /// For iptables-restore: quotes and backslashes are escaped with a backslash.
    static func restore(_ text: String) -> String {
        var result = "\""
        for scalar in printable(text).unicodeScalars {
            if scalar == "\"" || scalar == "\\" || scalar == "'" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// For `ipset restore`, which knows no escape and refuses quotes within quotes.
    static func ipset(_ text: String) -> String {
        "\"" + printable(text).map { $0 == "\"" ? "'" : String($0) }.joined() + "\""
    }

    /// The start of a text that fits in so many bytes, cut between characters.
    static func clipped(_ text: String, bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var result = ""
        var size = 0
        for character in text {
            size += character.utf8.count
            if size > bytes { break }
            result.append(character)
        }
        return result
    }

    /// Save files are read line by line: what would end a line, or not show, becomes a space.
    private static func printable(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0 == "\u{7F}" ? " " : $0 })
        )
    }
}
