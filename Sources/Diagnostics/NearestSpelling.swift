/// What a person may have meant by a word that nobody knows.
package enum NearestSpelling {
    /// The candidates that are fewest typing slips away, at most three; none when all are too far.
    ///
    /// Case does not count. A slip is a letter too many, missing, wrong, or two that changed places; one slip is
    /// allowed for each three letters of the word.
    package static func candidates(for word: String, among known: some Sequence<String>) -> [String] {
        let letters = Array(word.lowercased().utf8)
        guard !letters.isEmpty, letters.count <= longestWord else { return [] }
        var best: [String] = []
        var fewest = max(1, letters.count / 3)
        for candidate in known {
            let theirs = Array(candidate.lowercased().utf8)
            guard abs(theirs.count - letters.count) <= fewest else { continue }
            let slips = distance(letters, theirs)
            if slips < fewest { best = [] }
            guard slips <= fewest, slips < max(letters.count, theirs.count) else { continue }
            fewest = slips
            best.append(candidate)
        }
        return Array(Set(best).sorted().prefix(3))
    }

    /// `write inbound`, or `write http or https` when several are as near.
    package static func fix(for word: String, among known: some Sequence<String>) -> Fix? {
        .write(anyOf: candidates(for: word, among: known))
    }

    /// Longer words are no slips of the pen, and the work grows with the square of the length.
    private static let longestWord = 64

    /// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var cost = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (letter == other ? 0 : 1)
                )
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
