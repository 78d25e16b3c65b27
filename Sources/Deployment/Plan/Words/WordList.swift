/// Words in a row, as a sentence has them.
enum WordList {
    /// `a`, `a and b`, `a, b and c`; beyond `most` only their number: `a, b and 7 more`.
    static func text(_ words: [String], most: Int = 6) -> String {
        if words.count > most {
            return words.prefix(most - 1).joined(separator: ", ") + " and \(words.count - most + 1) more"
        }
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and \(last)"
    }

    /// `1 line`, `2 lines`.
    static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}
