import Kernel

/// What a rule of iptables names: where it leads, the sets that it asks, what it says of itself.
struct RuleWords {
    private(set) var target: String?
    private(set) var sets: [String] = []
    private(set) var comment: String?

    /// Options whose value is a text that may look like any option.
    static let texts: Set<String> = [
        "--comment", "--log-prefix", "--nflog-prefix", "--string", "--hex-string", "--name",
    ]

    /// The words of a rule, from `-A` on; a quoted text is one of them.
    init(_ words: [String]) {
        var index = words.startIndex
        while index < words.endIndex {
            let value = words.dropFirst(index + 1).first
            switch words[index] {
            case "--match-set", "--add-set", "--del-set": if let value { sets.append(value) }
            case "--comment": comment = value.map(Self.unquoted)
            default: break
            }
            index += Self.texts.contains(words[index]) ? 2 : 1
        }
        target = SavedRule.target(of: words).map { words[$0] }
    }

    private static func unquoted(_ word: String) -> String {
        guard word.count > 1, word.first == "\"", word.last == "\"" else { return word }
        return String(word.dropFirst().dropLast().replacing("\\\"", with: "\""))
    }
}
