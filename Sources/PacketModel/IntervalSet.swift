/// A closed interval of integers; never empty.
package struct Interval<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Hashable, Sendable {
    package let lower: Bound
    package let upper: Bound

    /// Returns nil when `upper` is below `lower`.
    package init?(_ lower: Bound, _ upper: Bound) {
        guard lower <= upper else { return nil }
        self.lower = lower
        self.upper = upper
    }

    package init(_ single: Bound) {
        lower = single
        upper = single
    }

    package static var full: Interval { Interval(unchecked: .min, .max) }

    /// An interval whose bounds the caller knows to be in order.
    init(unchecked lower: Bound, _ upper: Bound) {
        assert(lower <= upper)
        self.lower = lower
        self.upper = upper
    }

    package var isSingle: Bool { lower == upper }

    package func contains(_ value: Bound) -> Bool {
        lower <= value && value <= upper
    }

    package func contains(_ other: Interval) -> Bool {
        lower <= other.lower && other.upper <= upper
    }

    package func overlaps(_ other: Interval) -> Bool {
        lower <= other.upper && other.lower <= upper
    }
}

extension Interval: Comparable {
    package static func < (left: Interval, right: Interval) -> Bool {
        (left.lower, left.upper) < (right.lower, right.upper)
    }
}

/// A set of integers, held as sorted intervals that neither overlap nor touch.
///
/// Two sets with the same members are equal, whatever they were made from.
package struct IntervalSet<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Hashable, Sendable {
    package private(set) var intervals: [Interval<Bound>]

    package init() {
        intervals = []
    }

    package init(_ interval: Interval<Bound>) {
        intervals = [interval]
    }

    /// Sorts and merges; takes O(n log n).
    package init(_ unordered: some Sequence<Interval<Bound>>) {
        var sorted = Array(unordered)
        if sorted.count <= 1 {
            intervals = sorted
            return
        }
        // A list file is mostly sorted already, and comparing costs less than sorting a million.
        if !zip(sorted, sorted.dropFirst()).allSatisfy({ $0.lower <= $1.lower }) {
            sorted.sort { $0.lower < $1.lower }
        }
        intervals = Self.merging(sorted)
    }

    package static var full: IntervalSet { IntervalSet(.full) }

    package var isEmpty: Bool { intervals.isEmpty }
    package var isFull: Bool { intervals.first == .full }

    package func contains(_ value: Bound) -> Bool {
        guard let candidate = firstInterval(reaching: value) else { return false }
        return intervals[candidate].contains(value)
    }

    package func isSuperset(of other: IntervalSet) -> Bool {
        var mine = 0
        return other.intervals.allSatisfy { theirs in
            while mine < intervals.count, intervals[mine].upper < theirs.lower { mine += 1 }
            // Intervals of a set do not touch, so one of mine holds the whole of theirs or none does.
            return mine < intervals.count && intervals[mine].contains(theirs)
        }
    }

    package func isDisjoint(with other: IntervalSet) -> Bool {
        intersection(other).isEmpty
    }

    package func union(_ other: IntervalSet) -> IntervalSet {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return IntervalSet(intervals + other.intervals)
    }

    package func intersection(_ other: IntervalSet) -> IntervalSet {
        var result: [Interval<Bound>] = []
        var (left, right) = (0, 0)
        while left < intervals.count && right < other.intervals.count {
            let (mine, theirs) = (intervals[left], other.intervals[right])
            let (lower, upper) = (max(mine.lower, theirs.lower), min(mine.upper, theirs.upper))
            if lower <= upper { result.append(Interval(unchecked: lower, upper)) }
            if mine.upper < theirs.upper { left += 1 } else { right += 1 }
        }
        return IntervalSet(merged: result)
    }

    package func subtracting(_ other: IntervalSet) -> IntervalSet {
        if other.isEmpty || isEmpty { return self }
        return intersection(other.complement())
    }

    package func complement() -> IntervalSet {
        var result: [Interval<Bound>] = []
        var next: Bound? = .min
        for interval in intervals {
            if let start = next, start < interval.lower {
                result.append(Interval(unchecked: start, interval.lower - 1))
            }
            next = interval.upper == .max ? nil : interval.upper + 1
        }
        if let start = next { result.append(Interval(unchecked: start, .max)) }
        return IntervalSet(merged: result)
    }

    private init(merged: [Interval<Bound>]) {
        intervals = merged
    }

    /// The index of the first interval whose upper bound is not below `value`.
    private func firstInterval(reaching value: Bound) -> Int? {
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].upper < value { low = middle + 1 } else { high = middle }
        }
        return low < intervals.count ? low : nil
    }

    private static func merging(_ sorted: [Interval<Bound>]) -> [Interval<Bound>] {
        var result: [Interval<Bound>] = []
        result.reserveCapacity(sorted.count)
        for interval in sorted {
            if let last = result.last, last.upper == .max || interval.lower <= last.upper + 1 {
                if interval.upper > last.upper {
                    result[result.count - 1] = Interval(unchecked: last.lower, interval.upper)
                }
            } else {
                result.append(interval)
            }
        }
        return result
    }
}

extension IntervalSet: ExpressibleByArrayLiteral {
    /// A set of single values.
    package init(arrayLiteral elements: Bound...) {
        self.init(elements.map(Interval.init))
    }
}
