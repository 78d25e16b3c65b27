import PacketModel

/// Set algebra whose cost follows the smaller set: policies hold few addresses against lists of a million.
extension IntervalSet {
    /// A search costs less than a walk when one set has this many times the intervals of the other.
    private static var searchFactor: Int { 16 }

    /// What is in both.
    func clipped(to other: IntervalSet) -> IntervalSet {
        let isSmaller = intervals.count <= other.intervals.count
        let (small, large) = isSmaller ? (intervals, other.intervals) : (other.intervals, intervals)
        guard let first = large.first, let last = large.last, !small.isEmpty else { return IntervalSet() }
        // Copies of one set are found equal at once.
        if small == large { return self }
        if small.count == 1, small[0].lower <= first.lower, small[0].upper >= last.upper {
            return isSmaller ? other : self
        }
        let isSearched = large.count > small.count * Self.searchFactor
        var result: [Interval<Bound>] = []
        var next = 0
        for interval in small {
            if isSearched { next = Self.index(in: large, reaching: interval.lower) }
            while next < large.count, large[next].upper < interval.lower { next += 1 }
            while next < large.count, large[next].lower <= interval.upper {
                let lower = max(interval.lower, large[next].lower)
                if let both = Interval(lower, min(interval.upper, large[next].upper)) { result.append(both) }
                guard large[next].upper <= interval.upper else { break }
                next += 1
            }
        }
        return IntervalSet(result)
    }

    /// What is in this set alone.
    func without(_ other: IntervalSet) -> IntervalSet {
        let common = other.clipped(to: self)
        if common.intervals.isEmpty { return self }
        if common.intervals == intervals { return IntervalSet() }
        var result: [Interval<Bound>] = []
        result.reserveCapacity(intervals.count + common.intervals.count)
        var copied = 0
        var holes = common.intervals[...]
        while let first = holes.first {
            let place = Self.index(in: intervals, reaching: first.lower)
            result += intervals[copied..<place]
            copied = place + 1
            let whole = intervals[place]
            var start: Bound? = whole.lower
            while let hole = holes.first, hole.upper <= whole.upper {
                if let lower = start, lower < hole.lower, let piece = Interval(lower, hole.lower - 1) {
                    result.append(piece)
                }
                start = hole.upper < whole.upper ? hole.upper + 1 : nil
                holes.removeFirst()
            }
            if let lower = start, let piece = Interval(lower, whole.upper) { result.append(piece) }
        }
        result += intervals[copied...]
        return IntervalSet(result)
    }

    func meets(_ other: IntervalSet) -> Bool {
        let isSmaller = intervals.count <= other.intervals.count
        let (small, large) = isSmaller ? (intervals, other.intervals) : (other.intervals, intervals)
        return small.contains { interval in
            let index = Self.index(in: large, reaching: interval.lower)
            return index < large.count && large[index].lower <= interval.upper
        }
    }

    /// The union of many at once.
    static func union(of sets: [IntervalSet]) -> IntervalSet {
        let sets = sets.filter { !$0.intervals.isEmpty }
        guard sets.count > 1 else { return sets.first ?? IntervalSet() }
        return IntervalSet(sets.flatMap(\.intervals).sorted { $0.lower < $1.lower })
    }

    /// The place of the first interval that ends at or after a value.
    private static func index(in intervals: [Interval<Bound>], reaching value: Bound) -> Int {
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].upper < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
