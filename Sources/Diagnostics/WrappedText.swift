/// Text for a screen so many columns wide: no word is cut where a blank is near.
package struct WrappedText {
    private let width: Int

    package init(width: Int) {
        self.width = width
    }

    /// As it stands on the screen. Colours are those of a terminal already, and take no columns.
    package func text(_ text: String) -> String {
        guard width >= Self.narrowest else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { wrapped(String($0)) }
            .joined(separator: "\n")
    }

    /// Nothing can be done for a screen narrower than this.
    private static let narrowest = 40

    /// A word, with the colours in it, and the blanks before it.
    private struct Word {
        var blanks = 0
        var text = ""
        var width = 0
    }

    private func wrapped(_ line: String) -> String {
        let words = Self.words(line)
        guard words.reduce(0, { $0 + $1.blanks + $1.width }) > width, !Self.staysWhole(line) else {
            return line
        }
        let hanging = hanging(words, line)
        var (result, column) = ("", 0)
        for word in words {
            // A word that has no room below the column stands at the beginning of its row.
            let begin = hanging + word.width > width ? 0 : hanging
            if column > begin, column + word.blanks + word.width > width {
                result += "\n" + String(repeating: " ", count: begin) + word.text
                column = begin + word.width
            } else {
                result += String(repeating: " ", count: word.blanks) + word.text
                column += word.blanks + word.width
            }
        }
        return result
    }

    /// Where the lines that follow begin: below the last column of a table that has room, else below the text.
    private func hanging(_ words: [Word], _ line: String) -> Int {
        var (column, best) = (0, words.first?.blanks ?? 0)
        if let label = Self.labels.first(where: { line.hasPrefix($0) }) { best = label.count }
        for (place, word) in words.enumerated() {
            column += word.blanks
            if place > 0, word.blanks > 1, column <= width / 2 { best = column }
            column += word.width
        }
        return best
    }

    private static let labels = ["do: ", "fix: ", "note: ", "wallwright: "]

    /// A command is copied as a whole, and below a line of a file stand its marks.
    private static func staysWhole(_ line: String) -> Bool {
        if line.hasPrefix("do: sudo ") || line.hasPrefix("do: wallwright ") { return true }
        let number = line.drop { $0 == " " || $0.isNumber }
        return number.hasPrefix("| ") || number == "|"
    }

    private static func words(_ line: String) -> [Word] {
        var words: [Word] = []
        var word = Word()
        var isColour = false
        for character in line {
            if isColour {
                word.text.append(character)
                isColour = character != "m"
            } else if character == "\u{1B}" {
                word.text.append(character)
                isColour = true
            } else if character == " " {
                if word.width > 0 {
                    words.append(word)
                    word = Word()
                }
                // A colour that ends before blanks belongs to the word that it ends.
                if !word.text.isEmpty, !words.isEmpty {
                    words[words.count - 1].text += word.text
                    word.text = ""
                }
                word.blanks += 1
            } else {
                word.text.append(character)
                word.width += DisplayText(String(character)).width
            }
        }
        return words + [word]
    }
}
