package import PacketModel

/// Addresses that get nothing in, until a time or for good.
package struct Ban: Hashable, Sendable {
    package var prefix: Prefix
    /// How long it still holds, in whole seconds; nil for good.
    package var secondsLeft: Int?

    package init(_ prefix: Prefix, secondsLeft: Int? = nil) {
        self.prefix = prefix
        self.secondsLeft = secondsLeft
    }
}

extension [Ban] {
    /// The same bans as intervals of one family that do not overlap: where several hold, the longest does. No kernel
    /// set of intervals takes overlapping elements.
    package func disjoint(_ family: IPFamily) -> [(interval: Interval<UInt128>, secondsLeft: Int?)] {
        let own = filter { $0.prefix.family == family }
        let longestFirst = own.sorted { ($0.secondsLeft ?? .max) > ($1.secondsLeft ?? .max) }
        var covered = IntervalSet<UInt128>()
        var result: [(Interval<UInt128>, Int?)] = []
        // Bans of one length are added together, so that thousands of them cost one union.
        var rest = longestFirst[...]
        while let first = rest.first {
            let together = rest.prefix { $0.secondsLeft == first.secondsLeft }
            let added = IntervalSet(together.map(\.prefix.interval)).subtracting(covered)
            result += added.intervals.map { ($0, first.secondsLeft) }
            covered = covered.union(added)
            rest = rest.dropFirst(together.count)
        }
        return result
    }
}
