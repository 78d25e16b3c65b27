/// What a rule of iptables must say, word for word, from its chain on.
///
/// `*` stands for one word and `...` for any number; a word that ends with `*` stands for all that begin so. What stands
/// in angle brackets is one word, the same wherever it stands: `<bridge>` one that Docker names, any other name anything.
struct RulePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    private let words: [String]

    init(stringLiteral text: String) {
        words = text.split(separator: " ").map(String.init)
    }

    /// The words of a rule, from its chain on.
    func matches(_ rule: ArraySlice<String>) -> Bool {
        var names: [String: String] = [:]
        return Self.matches(words[...], rule, &names)
    }

    private static func matches(
        _ pattern: ArraySlice<String>,
        _ rule: ArraySlice<String>,
        _ names: inout [String: String]
    ) -> Bool {
        guard let first = pattern.first else { return rule.isEmpty }
        let rest = pattern.dropFirst()
        if first == "..." {
            return (rule.startIndex...rule.endIndex).contains { start in
                var tried = names
                guard matches(rest, rule[start...], &tried) else { return false }
                names = tried
                return true
            }
        }
        guard let word = rule.first, isMet(first, by: word, &names) else { return false }
        return matches(rest, rule.dropFirst(), &names)
    }

    private static func isMet(_ pattern: String, by word: String, _ names: inout [String: String]) -> Bool {
        if pattern.hasPrefix("<"), pattern.hasSuffix(">") {
            if let known = names[pattern] { return known == word }
            names[pattern] = word
            return pattern != "<bridge>" || DockerBridge.isName(word)
        }
        return pattern.last == "*" ? word.hasPrefix(pattern.dropLast()) : word == pattern
    }
}
