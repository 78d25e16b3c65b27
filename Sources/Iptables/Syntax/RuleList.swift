/// The rules of a chain in order: those that come first, or near the top, do not move all the others.
package struct RuleList: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral, Sendable {
    /// The upper part, the last one of it first.
    private var upper: [RuleSyntax] = []
    private var lower: [RuleSyntax]

    package init(_ rules: [RuleSyntax]) {
        lower = rules
    }

    package init(arrayLiteral rules: RuleSyntax...) {
        lower = rules
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int { upper.count + lower.count }

    package subscript(place: Int) -> RuleSyntax {
        get { place < upper.count ? upper[upper.count - 1 - place] : lower[place - upper.count] }
        set {
            if place < upper.count {
                upper[upper.count - 1 - place] = newValue
            } else {
                lower[place - upper.count] = newValue
            }
        }
    }

    mutating func append(contentsOf rules: [RuleSyntax]) { lower += rules }

    mutating func insert(_ rule: RuleSyntax, at place: Int) {
        divide(for: place)
        if place <= upper.count {
            upper.insert(rule, at: upper.count - place)
        } else {
            lower.insert(rule, at: place - upper.count)
        }
    }

    @discardableResult
    mutating func remove(at place: Int) -> RuleSyntax {
        divide(for: place)
        if place < upper.count { return upper.remove(at: upper.count - 1 - place) }
        return lower.remove(at: place - upper.count)
    }

    /// Makes an upper half when there is a change above the middle and none to speak of is there.
    private mutating func divide(for place: Int) {
        guard place >= upper.count, place < count / 2, upper.count < count / 4 else { return }
        let all = Array(self)
        upper = all[..<(all.count / 2)].reversed()
        lower = Array(all[(all.count / 2)...])
    }
}
