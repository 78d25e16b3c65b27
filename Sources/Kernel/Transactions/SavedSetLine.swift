/// A line of `ipset save`: `create NAME TYPE …` or `add NAME ELEMENT …` (ipset(8)).
package struct SavedSetLine: Hashable, Sendable {
    /// `create` or `add`.
    package let command: Substring
    package let set: Substring
    /// From the command on.
    package let line: Substring
    /// The type or the element, and what is said of it.
    package let words: [Substring]

    private init?(_ line: Substring) {
        let words = QuotedWords.words(of: line, .plain)
        guard words.count > 2, words[0] == "create" || words[0] == "add" else { return nil }
        (command, set, self.line) = (words[0], words[1], line)
        self.words = Array(words.dropFirst(2))
    }

    /// Those that a tool wrote, without what else there may be in a file.
    package static func lines(of saved: String) -> [SavedSetLine] {
        QuotedWords.lines(of: saved, .plain).compactMap(SavedSetLine.init)
    }

    /// The type, or the element.
    package var subject: Substring { words[0] }

    /// The word after an option, quotes and all.
    func value(of option: Substring) -> Substring? {
        words.dropFirst().dropLast().firstIndex(of: option).map { words[$0 + 1] }
    }

    /// Whether it is an element that ends by itself.
    package var isTimed: Bool { command == "add" && value(of: "timeout").map { $0 != "0" } == true }

    /// The words that say the same at each look, and in each kernel. What an element has counted and how long it still lives
    /// do not, nor the size of a table, which grows with the elements, and the number that mixes its hash. That an element is
    /// an exception (`nomatch`), a mark or a comment of it do.
    var lasting: [Substring] {
        var result: [Substring] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            switch (command, word) {
            case ("create", "hashsize"), ("create", "initval"), ("add", "packets"), ("add", "bytes"):
                rest = rest.dropFirst()
            case ("add", "timeout"):
                result.append(rest.popFirst() == "0" ? "for good" : "for a time")
            default: result.append(word)
            }
        }
        return result
    }

    /// As `ipset restore` reads it: a comment that it would not read as one is left out.
    package var writable: String {
        let isWritable = line.unicodeScalars.allSatisfy { $0 != "\n" && $0 != "\0" && $0 != "\u{FFFD}" }
        guard !isWritable, let comment = words.dropFirst().firstIndex(of: "comment") else {
            return String(line)
        }
        let said = words[..<comment] + words[comment...].dropFirst(2)
        return ([command, set] + said).joined(separator: " ")
    }
}
