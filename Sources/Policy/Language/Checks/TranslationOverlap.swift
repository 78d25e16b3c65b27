import Diagnostics
import PacketModel

/// Refuses two lines of `nat:` that would translate the same packets in two ways: their order has no meaning.
enum TranslationOverlap {
    /// Pairs that are compared for each line; of very many lines with the same ports not all are looked at.
    private static let mostComparisons = 200

    static func check(_ policy: Policy, _ reading: inout Reading) {
        var left = mostComparisons * policy.nat.count
        for (number, line) in policy.nat.enumerated() {
            let other = policy.nat[..<number].first { earlier in
                left -= 1
                return left > 0 && earlier.action != line.action && earlier.overlaps(line)
            }
            guard let other else { continue }
            reading.report(
                "policy.nat.overlap",
                "two lines of `nat:` translate the same packets in two ways",
                at: reading.firstLine(of: line.origin.range),
                also: [(reading.firstLine(of: other.origin.range), "the other")],
                notes: ["the order of lines has no meaning: nothing says which of them is meant"],
                fix: "give them services, interfaces or addresses of their own"
            )
        }
    }
}
