extension IntervalSet where Bound == UInt16 {
    /// The same members as values of a field.
    package var asFieldValues: IntervalSet<UInt128> {
        IntervalSet<UInt128>(intervals.map(\.asFieldValues))
    }
}

extension Interval where Bound == UInt16 {
    package var asFieldValues: Interval<UInt128> {
        Interval<UInt128>(UInt128(lower), UInt128(upper)) ?? Interval<UInt128>(UInt128(lower))
    }
}
