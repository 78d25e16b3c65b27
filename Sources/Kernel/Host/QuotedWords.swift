/// The lines and words of what iptables-save, ipset or nft printed.
///
/// A text between quotes is one word and keeps its quotes, so that nothing within it looks like an option. The tools quote
/// texts, and print names as they are: interfaces, chains and sets may have quotes in their names, and some names have
/// spaces. So a quote opens a text only where a word begins, and one closes it only where a word ends.
package enum QuotedWords {
    /// How a tool writes a quote within quotes.
    package enum Style: Sendable {
        /// With a backslash before it (libxtables, `xtables_save_string`).
        case escaped
        /// Not at all; a backslash is a character like any other (ipset(8), "comment").
        case plain
    }

    /// The words of one line, quotes and all.
    package static func split(_ line: some StringProtocol) -> [String] {
        words(of: Substring(line)).map(String.init)
    }

    static func words(of line: Substring, _ style: Style = .escaped) -> [Substring] {
        let bytes = line.utf8
        var words: [Substring] = []
        var place = bytes.startIndex
        while let start = bytes[place...].firstIndex(where: { !isBlank($0) }) {
            place = bytes[start...].firstIndex(where: isBlank) ?? bytes.endIndex
            if bytes[start] == quote, !takesName(words.last), let end = endOfText(bytes, start, style) {
                place = end
            }
            words.append(line[start..<place])
        }
        return words
    }

    /// The lines that are not empty. One that ends within a text goes on in the next: the kernel takes a comment with a
    /// line break, and the tools print it as it is.
    package static func lines(of text: some StringProtocol, _ style: Style = .escaped) -> [Substring] {
        let text = Substring(text)
        let bytes = text.utf8
        var lines: [Substring] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            var end = bytes[start...].firstIndex(of: newline) ?? bytes.endIndex
            if let open = openText(in: text[start..<end], style) {
                let rest = bytes[open...].prefix(longestText)
                if let close = endOfText(rest, open, style) {
                    end = bytes[close...].firstIndex(of: newline) ?? bytes.endIndex
                }
            }
            if start < end { lines.append(text[start..<end]) }
            start = end < bytes.endIndex ? bytes.index(after: end) : end
        }
        return lines
    }

    /// What a word says: without its quotes, and without what escapes them.
    static func text(of word: Substring, _ style: Style = .escaped) -> String {
        guard isText(word) else { return String(word) }
        let inner = word.dropFirst().dropLast()
        guard style == .escaped, inner.utf8.contains(backslash) else { return String(inner) }
        var (result, isEscaped) = ("", false)
        for scalar in inner.unicodeScalars {
            isEscaped = scalar == "\\" && !isEscaped
            if !isEscaped { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    static func isText(_ word: Substring) -> Bool {
        word.utf8.count > 1 && word.utf8.first == quote && word.utf8.last == quote
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let newline = UInt8(ascii: "\n")

    /// In bytes; the longest that any of them prints is a comment of ipset and of iptables, each of 255, all of them escaped.
    private static let longestText = 1_024

    /// Options after which a name stands as it is, whatever is in it.
    static func takesName(_ option: Substring?) -> Bool {
        switch option {
        case "-i", "-o", "--physdev-in", "--physdev-out", "-A", "-j", "-g", "--match-set", "--add-set",
            "--del-set", "--map-set", "--name", "--hashlimit-name", "--label":
            true
        default: false
        }
    }

    /// Options after which a text may have a line break.
    private static func takesText(_ option: Substring?) -> Bool {
        switch option {
        case "--comment", "--log-prefix", "--nflog-prefix", "--ulog-prefix", "--helper", "--string",
            "comment":
            true
        default: false
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == newline
    }

    /// After the quote that closes the text; nil when none does.
    private static func endOfText(
        _ bytes: Substring.UTF8View,
        _ start: Substring.Index,
        _ style: Style
    ) -> Substring.Index? {
        var place = bytes.index(after: start)
        while place < bytes.endIndex {
            let byte = bytes[place]
            place = bytes.index(after: place)
            if byte == quote {
                return place == bytes.endIndex || isBlank(bytes[place]) ? place : nil
            }
            if byte == backslash, style == .escaped, place < bytes.endIndex {
                place = bytes.index(after: place)
            }
        }
        return nil
    }

    /// Where the text opens that a line does not close.
    private static func openText(in line: Substring, _ style: Style) -> Substring.Index? {
        guard line.utf8.contains(quote) else { return nil }
        let words = words(of: line, style)
        return zip(words, words.dropFirst()).first { option, word in
            takesText(option) && word.utf8.first == quote && !isText(word)
        }?.1.startIndex
    }
}
