import Diagnostics

/// Rates and bursts of `hashlimit` in bytes, which the kernel counts as the cost of sixteen of them (XT_HASHLIMIT_BYTES,
/// measured on 1.8.9).
enum ByteRateText {
    /// XT_HASHLIMIT_BYTE_SHIFT.
    private static let shift: UInt64 = 4
    private static let highest = UInt64(UInt32.max)
    /// In milliseconds, without and with a burst (XT_HASHLIMIT_BYTE_EXPIRE, XT_HASHLIMIT_BYTE_EXPIRE_BURST).
    static let lifetime: UInt64 = 15_000
    static let lifetimeWithBurst: UInt64 = 60_000

    private static let kind = OptionValue.keyword("bytes")

    /// The cost that a rate was turned into; nil for a rate in packets.
    static func cost(of rate: OptionValue) -> UInt64? {
        rate.items.first == kind ? rate.items.last?.number : nil
    }

    /// `512kb/s`; nil when the text is no rate in bytes. What follows the number is looked at right before `b/s` only.
    static func rate(_ word: Word) throws(Refusal) -> OptionValue? {
        let bytes = word.bytes
        let mark = Array("b/s".utf8)
        guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }), place > 0 else {
            return nil
        }
        let count = NumberText.signed(bytes[...])
        if count == 0 { return nil }
        let wanted = UInt64(bitPattern: count) &* factor(bytes[place - 1])
        guard let cost = cost(ofBytes: wanted) else {
            throw Refusal("value.rate", "iptables-restore 1.8.9 crashes on the rate \(word.text)")
        }
        guard cost > 0 else { throw Refusal("value.rate", "the rate \(word.text) is too high") }
        return .list([kind, .number(cost)])
    }

    static func factor(_ letter: UInt8?) -> UInt64 {
        switch letter {
        case UInt8(ascii: "m"): 1 << 20
        case UInt8(ascii: "k"): 1 << 10
        default: 1
        }
    }

    /// Nil where the tool divides by nothing.
    private static func cost(ofBytes bytes: UInt64) -> UInt64? {
        let divisor = UInt32(truncatingIfNeeded: bytes >> shift) &+ 1
        return divisor == 0 ? nil : highest / UInt64(divisor)
    }

    static func bytes(ofCost cost: UInt64) -> UInt64 { (highest / max(cost, 1) &- 1) << shift }

    /// In the largest unit that says the same cost.
    static func text(cost: UInt64) -> String {
        let rate = bytes(ofCost: cost)
        // The tool's mask has 32 bits.
        let unit = units.first {
            rate >= $0.size && self.cost(ofBytes: rate & (highest & ~($0.size - 1))) == cost
        }
        return "\(rate / (unit?.size ?? 1))\(unit?.name ?? "")b/s"
    }

    private static let units: [(name: String, size: UInt64)] = [("m", 1 << 20), ("k", 1 << 10)]

    /// The burst as the number of costs that it holds.
    static func burst(_ bytes: UInt64, cost: UInt64) throws(Refusal) -> UInt64 {
        let size = Self.bytes(ofCost: cost)
        guard size > 0 else { throw Refusal("value.burst", "a rate below 16 bytes a second has no burst") }
        guard bytes >= size else {
            throw Refusal(
                "value.burst",
                "the burst is smaller than a second of the rate",
                fix: "write \(size)b"
            )
        }
        return UInt64(UInt32(truncatingIfNeeded: bytes)) / size + (bytes % size == 0 ? 0 : 1)
    }

    static func burstText(_ burst: UInt64, cost: UInt64) -> String {
        let size = bytes(ofCost: cost) * burst
        let unit = units.first { size >= $0.size }
        return "\(size / (unit?.size ?? 1))\(unit?.name ?? "")b"
    }
}
