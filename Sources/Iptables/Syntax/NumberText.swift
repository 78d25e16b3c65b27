/// Numbers as xtables_strtoul(3) reads them: `80`, `0x50`, `0120`, with blanks and a plus before.
enum NumberText {
    /// The number at the start, and what follows it; nil without a digit, below zero or beyond 64 bits.
    static func prefix(_ bytes: ArraySlice<UInt8>) -> (value: UInt64, rest: ArraySlice<UInt8>)? {
        guard let found = scan(bytes, base: nil), !found.isNegative, let value = found.value else {
            return nil
        }
        return (value, found.rest)
    }

    /// The same as strtoul(3) itself: nothing is 0, what is below zero wraps, what is beyond stays the highest.
    ///
    /// - Parameter base: nil for the one that the number says.
    static func loosePrefix(
        _ bytes: ArraySlice<UInt8>,
        base: UInt64? = nil
    ) -> (value: UInt64, rest: ArraySlice<UInt8>) {
        guard let found = scan(bytes, base: base) else { return (0, bytes) }
        guard let value = found.value else { return (.max, found.rest) }
        return (found.isNegative ? 0 &- value : value, found.rest)
    }

    /// As ``prefix(_:)``, but what is below zero wraps, as in tools that do not ask for its sign.
    static func wrappingPrefix(_ bytes: ArraySlice<UInt8>) -> (value: UInt64, rest: ArraySlice<UInt8>)? {
        guard let found = scan(bytes, base: nil), let value = found.value else { return nil }
        return (found.isNegative ? 0 &- value : value, found.rest)
    }

    /// The number at the start as atoll(3) reads it; 0 when there is none.
    static func signed(_ bytes: ArraySlice<UInt8>) -> Int64 {
        guard let found = scan(bytes, base: 10) else { return 0 }
        let value = Int64(clamping: found.value ?? .max)
        return found.isNegative ? -value : value
    }

    private struct Found {
        /// Nil beyond 64 bits.
        var value: UInt64?
        var isNegative: Bool
        var rest: ArraySlice<UInt8>
    }

    private static func scan(_ bytes: ArraySlice<UInt8>, base: UInt64?) -> Found? {
        var rest = bytes.drop(while: Ascii.isSpace)
        var isNegative = false
        if let sign = rest.first, sign == Ascii.dash || sign == Ascii.plus {
            isNegative = sign == Ascii.dash
            rest = rest.dropFirst()
        }
        var own: UInt64 = 10
        if base == nil, rest.first == UInt8(ascii: "0") {
            let second = rest.dropFirst().first.map(Ascii.lowercased)
            if second == UInt8(ascii: "x"), digit(rest.dropFirst(2).first, base: 16) != nil {
                own = 16
                rest = rest.dropFirst(2)
            } else {
                own = 8
            }
        }
        let base = base ?? own
        guard digit(rest.first, base: base) != nil else { return nil }
        var value: UInt64? = 0
        while let next = digit(rest.first, base: base) {
            if let before = value {
                let (product, overflow) = before.multipliedReportingOverflow(by: base)
                let (sum, carry) = product.addingReportingOverflow(next)
                value = overflow || carry ? nil : sum
            }
            rest = rest.dropFirst()
        }
        return Found(value: value, isNegative: isNegative, rest: rest)
    }

    /// A number that is the whole text and in the range.
    static func whole(_ bytes: ArraySlice<UInt8>, in range: ClosedRange<UInt64>) -> UInt64? {
        guard let (value, rest) = prefix(bytes), rest.isEmpty, range.contains(value) else { return nil }
        return value
    }

    static func hex(_ value: UInt64, width: Int = 0) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func digit(_ byte: UInt8?, base: UInt64) -> UInt64? {
        guard let byte = byte.map(Ascii.lowercased) else { return nil }
        let value: UInt64
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = UInt64(byte - UInt8(ascii: "a")) + 10
        default: return nil
        }
        return value < base ? value : nil
    }
}
