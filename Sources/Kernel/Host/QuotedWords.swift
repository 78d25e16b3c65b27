/// The words of a line that iptables-save or nft printed.
package enum QuotedWords {
    /// A quoted text, spaces and all, is one word and keeps its quotes, so that no comment looks like a match.
    package static func split(_ line: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        var (isQuoted, isEscaped) = (false, false)
        for character in line {
            if !isQuoted, character == " " || character == "\t" {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            word.append(character)
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\" && !isEscaped
        }
        return word.isEmpty ? words : words + [word]
    }
}
