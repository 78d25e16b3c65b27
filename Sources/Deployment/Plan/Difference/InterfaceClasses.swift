import PacketModel

/// The names of interfaces, in classes that none of the patterns in play tells apart.
///
/// Two patterns are disjoint or one is inside the other, so they form trees. Classes are numbered along the branches:
/// those of one pattern stand in a row. Class 0 is every other name, and packets without an interface.
struct InterfaceClasses: Sendable {
    /// Each before those inside it; the pattern at place `n` begins class `n + 1`.
    let patterns: [InterfacePattern]
    let all: IntervalSet<UInt64>
    /// The last class inside each pattern.
    private let ends: [Int]

    init(_ patterns: some Sequence<InterfacePattern>) {
        let sorted = Set(patterns).sorted { left, right in
            left.stem == right.stem ? left.isWildcard && !right.isWildcard : left.stem < right.stem
        }
        var ends = sorted.indices.map { $0 + 1 }
        var open: [Int] = []
        for (place, pattern) in sorted.enumerated() {
            open.removeAll { !pattern.stem.hasPrefix(sorted[$0].stem) }
            for outer in open { ends[outer] = place + 1 }
            if pattern.isWildcard { open.append(place) }
        }
        self.patterns = sorted
        self.ends = ends
        all = Self.run(0, sorted.count)
    }

    /// The classes that patterns hold; all of them without patterns.
    func classes(of patterns: [InterfacePattern]?) -> IntervalSet<UInt64> {
        guard let patterns else { return all }
        let places = patterns.compactMap { self.patterns.firstIndex(of: $0) }
        return places.reduce([]) { $0.union(inside($1)) }
    }

    /// The classes of the pattern at a place, itself and what is inside it.
    func inside(_ place: Int) -> IntervalSet<UInt64> { Self.run(place + 1, ends[place]) }

    /// The place of the narrowest pattern around the one at a place.
    func outer(of place: Int) -> Int? {
        patterns.indices.prefix(place).last { ends[$0] > place }
    }

    /// The class of a name: that of the narrowest pattern that matches.
    func number(of name: String?) -> UInt64 {
        guard let name, let place = patterns.lastIndex(where: { $0.matches(name) }) else { return 0 }
        return UInt64(place + 1)
    }

    private static func run(_ first: Int, _ last: Int) -> IntervalSet<UInt64> {
        IntervalSet([Interval(UInt64(first), UInt64(last))].compactMap(\.self))
    }
}
