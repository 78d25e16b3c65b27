/// FNV-1a of 64 bits: the same content gives the same name, on every machine and in every run.
package struct ContentHash: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte) }
        combine(UInt8(0xFF))
    }

    package mutating func combine(_ bytes: [UInt8]) { combine(bytes[...]) }

    /// Not for any sequence: other modules would run that through tables of witnesses, byte by byte.
    package mutating func combine(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes { combine(byte) }
    }

    package mutating func combine(_ number: UInt128) {
        var rest = number
        for _ in 0..<16 {
            combine(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    package mutating func combine(_ intervals: some Sequence<Interval<UInt128>>) {
        for interval in intervals {
            combine(interval.lower)
            combine(interval.upper)
        }
        combine("intervals")
    }

    private mutating func combine(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    /// Eight hexadecimal digits.
    package var digits: String {
        let folded = UInt32(truncatingIfNeeded: value ^ value >> 32)
        let text = String(folded, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
