/// Numbers as strtoull(3) with base 0 reads them: `80`, `0x50`, `0120`, with blanks and a sign before.
enum NumberText {
    /// The number at the start, and what follows it; nil without a digit or beyond 64 bits.
    static func prefix(_ bytes: ArraySlice<UInt8>) -> (value: UInt64, rest: ArraySlice<UInt8>)? {
        var rest = bytes.drop(while: Ascii.isSpace)
        var isNegative = false
        if let sign = rest.first, sign == Ascii.dash || sign == Ascii.plus {
            isNegative = sign == Ascii.dash
            rest = rest.dropFirst()
        }
        var base: UInt64 = 10
        if rest.first == UInt8(ascii: "0") {
            let second = rest.dropFirst().first.map(Ascii.lowercased)
            if second == UInt8(ascii: "x"), digit(rest.dropFirst(2).first, base: 16) != nil {
                base = 16
                rest = rest.dropFirst(2)
            } else {
                base = 8
            }
        }
        guard digit(rest.first, base: base) != nil else { return nil }
        var value: UInt64 = 0
        while let next = digit(rest.first, base: base) {
            let (product, overflow) = value.multipliedReportingOverflow(by: base)
            let (sum, carry) = product.addingReportingOverflow(next)
            if overflow || carry { return nil }
            value = sum
            rest = rest.dropFirst()
        }
        return (isNegative ? 0 &- value : value, rest)
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
