extension FixedWidthInteger {
    /// Adds what a text or the kernel told, as far as there is room: a count that somebody set may be any number.
    package mutating func grow(by number: Self) {
        let (sum, overflows) = addingReportingOverflow(number)
        self = overflows ? (number < 0 ? .min : .max) : sum
    }
}
