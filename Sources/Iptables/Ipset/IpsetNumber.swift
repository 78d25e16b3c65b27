import Diagnostics

/// A number as ipset reads it: decimal, `0x…`, or octal after a zero.
enum IpsetNumber {
    static func read(_ text: some StringProtocol, in range: ClosedRange<UInt64>) throws(Refusal) -> UInt64 {
        var digits = text[...].drop { $0 == " " || $0 == "\t" }
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        let value: UInt64?
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            value = UInt64(digits.dropFirst(2), radix: 16)
        } else if digits.hasPrefix("0"), digits.count > 1 {
            value = UInt64(digits, radix: 8)
        } else {
            value = digits.first?.isNumber ?? false ? UInt64(digits) : nil
        }
        guard let value else {
            let isLarge = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
            guard isLarge else { throw Refusal("ipset.number", "\(text) is no number") }
            throw outside(text, range)
        }
        guard !isNegative || value == 0, range.contains(value) else { throw outside(text, range) }
        return value
    }

    private static func outside(_ text: some StringProtocol, _ range: ClosedRange<UInt64>) -> Refusal {
        Refusal("ipset.number", "\(text) is not between \(range.lowerBound) and \(range.upperBound)")
    }
}
