import Testing

@testable import Deployment

/// The commands for one chain, run by a chain of words.
@Suite struct ChainEditTests {
    private static func run(_ live: [ChainEdit.Standing], _ wanted: [String]) -> (
        [ChainEdit.Standing], ChainEdit
    ) {
        let edit = ChainEdit(from: live, to: wanted.map { .init(text: $0) })
        var chain = live
        for text in edit.removals {
            // As `-D` does: the first that is equal.
            if let first = chain.firstIndex(where: { $0.text == text }) { chain.remove(at: first) }
        }
        for (number, rule) in edit.insertions {
            chain.insert(.init(text: rule.text, isKept: false), at: number - 1)
        }
        return (chain, edit)
    }

    /// Words in small letters are a person's, those in capitals are kept by their owners.
    private static func standing(_ text: String) -> [ChainEdit.Standing] {
        text.split(separator: " ").map { .init(text: String($0), isKept: $0.first?.isUppercase == true) }
    }

    @Test(
        arguments: [
            ("", "a b", "a b"), ("a b", "", ""), ("W F", "a b", "W F a b"), ("W a F b", "a b", "W a F b"),
            ("W a D c", "a b c", "W a b D c"), ("W b D", "a b", "W a b D"), ("W a x D y b", "a b", "W a D b"),
            ("a W b", "b a", "W b a"), ("a a W", "a", "W a"), ("W", "a a", "W a a"),
        ]
    )
    func newRulesStandBesideTheirNeighbours(_ live: String, _ wanted: String, _ after: String) {
        let (chain, _) = Self.run(Self.standing(live), wanted.split(separator: " ").map(String.init))
        #expect(chain.map(\.text).joined(separator: " ") == after)
    }

    /// Whatever stands there: a person's rules become those that are wanted, and what is kept stays in its order.
    @Test func anyChainBecomesAnyOther() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            func words(_ letters: String) -> [String] {
                (0..<Int.random(in: 0...9, using: &random)).map { _ in
                    String(letters.randomElement(using: &random) ?? "a")
                }
            }
            let live = words("abcdWF")
            let wanted = words("abcd")
            let standing = Self.standing(live.joined(separator: " "))
            let (chain, edit) = Self.run(standing, wanted)
            #expect(chain.filter { !$0.isKept }.map(\.text) == wanted, "\(live) to \(wanted)")
            #expect(chain.filter(\.isKept).map(\.text) == standing.filter(\.isKept).map(\.text))
            let own = standing.filter { !$0.isKept }.map(\.text)
            #expect(own != wanted || Set(own).count < own.count || edit.isEmpty, "\(live) to \(wanted)")
        }
    }
}
