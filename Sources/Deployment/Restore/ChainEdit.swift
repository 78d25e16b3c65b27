/// The fewest commands that make the rules of one chain what is wanted. Rules of those who keep theirs are not touched:
/// they stay the very same, counters and all, and where they stand between the others.
struct ChainEdit {
    /// A rule that stands there, and whether its owner keeps it.
    struct Standing {
        var text: String
        var isKept: Bool
        /// Whether it can neither be taken away nor be written anew.
        var isFixed = false
        /// Whether `-D` finds it by its number alone.
        var isFoundByNumber = false
    }

    /// What follows `-D CHAIN`: numbers, of the chain as it stands and the highest first, then words.
    private(set) var removals: [String] = []
    private(set) var insertions: [(number: Int, rule: OthersRules.Rule)] = []

    var isEmpty: Bool { removals.isEmpty && insertions.isEmpty }

    init(from live: [Standing], to wanted: [OthersRules.Rule]) {
        let places = live.indices.filter { !live[$0].isKept }
        let own = places.map { live[$0].text }
        // `-D` takes the first of equal rules away, so of those none stays.
        let fixed = Set(live.filter(\.isFixed).map(\.text))
        let repeated = Set(Dictionary(grouping: own, by: \.self).filter { $0.value.count > 1 }.keys)
            .subtracting(fixed)
        let keys = own.enumerated().map { repeated.contains($1) ? "\($0) \($1)" : "= \($1)" }
        let wantedKeys = wanted.map { repeated.contains($0.text) ? "+ \($0.text)" : "= \($0.text)" }
        let staying = Self.longestCommonOrder(of: wantedKeys, in: keys)
        let (stays, returns) = (Set(staying.map(\.old)), Set(staying.map(\.new)))
        let goes = Set(own.indices.filter { !stays.contains($0) && !fixed.contains(own[$0]) })
        let comes = Set(wanted.indices.filter { !returns.contains($0) && !fixed.contains(wanted[$0].text) })
        let numbers = goes.map { places[$0] }.filter { live[$0].isFoundByNumber }.sorted(by: >)
        removals =
            numbers.map { "\($0 + 1)" }
            + goes.sorted().filter { !live[places[$0]].isFoundByNumber }.map { own[$0] }
        place(wanted, comes, among: live, without: goes)
    }

    /// A new rule stands right behind the one that it follows in the file; where the file begins with new ones, they stand
    /// before the first one that stays, and with none that stays, behind all that owners keep.
    private mutating func place(
        _ wanted: [OthersRules.Rule],
        _ comes: Set<Int>,
        among live: [Standing],
        without goes: Set<Int>
    ) {
        var own = -1
        // What stays, in its order: nil for what its owner keeps.
        var staying: [Bool] = []
        for rule in live {
            if !rule.isKept { own += 1 }
            if rule.isKept || !goes.contains(own) { staying.append(rule.isKept) }
        }
        var next = 0
        var number = 1
        func passKept() {
            while next < staying.count, staying[next] {
                next += 1
                number += 1
            }
        }
        if comes.contains(0) { passKept() }
        for (index, rule) in wanted.enumerated() {
            if comes.contains(index) {
                insertions.append((number, rule))
            } else {
                passKept()
                next += 1
            }
            number += 1
        }
    }
}
