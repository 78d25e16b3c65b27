/// `limit`: goes on at a rate, or above it (nft(8), "LIMIT STATEMENT").
struct LimitExpression: StatementExpression {
    static let name = "limit"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 6), let limit = Self.text(attributes) else { return nil }
        words = "limit \(limit)"
    }

    /// `rate over 10/second burst 5 packets`, also of a named limit.
    static func text(_ attributes: AttributeList) -> String? {
        guard let rate = attributes.u64(1), let seconds = attributes.u64(2), let unit = units[seconds] else {
            return nil
        }
        let burst = attributes.u32(3) ?? 0
        let over = (attributes.u32(5) ?? 0) & 1 != 0 ? "over " : ""
        if attributes.u32(4) == 1 {
            let (amount, name) = ByteCount.parts(rate)
            let head = "rate \(over)\(amount) \(name)/\(unit)"
            guard burst != 0 else { return head }
            let (most, mostName) = ByteCount.parts(UInt64(burst))
            return "\(head) burst \(most) \(mostName)"
        }
        return "rate \(over)\(rate)/\(unit) burst \(burst) packets"
    }

    private static let units: [UInt64: String] = [
        1: "second", 60: "minute", 3600: "hour", 86_400: "day", 604_800: "week",
    ]
}

/// Bytes in the largest unit that has them without a rest.
enum ByteCount {
    static func parts(_ bytes: UInt64) -> (amount: UInt64, unit: String) {
        if bytes != 0, bytes % (1 << 20) == 0 { return (bytes >> 20, "mbytes") }
        if bytes != 0, bytes % (1 << 10) == 0 { return (bytes >> 10, "kbytes") }
        return (bytes, "bytes")
    }
}

/// `quota`: goes on until so many bytes have come, or after that (nft(8), "QUOTA").
struct QuotaExpression: StatementExpression {
    static let name = "quota"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 4), let quota = Self.text(attributes) else { return nil }
        words = "quota \(quota)"
    }

    static func text(_ attributes: AttributeList) -> String? {
        guard let bytes = attributes.u64(1) else { return nil }
        let (amount, unit) = ByteCount.parts(bytes)
        let over = (attributes.u32(2) ?? 0) & 1 != 0 ? "over " : ""
        guard let used = attributes.u64(4), used != 0 else { return "\(over)\(amount) \(unit)" }
        let (usedAmount, usedUnit) = ByteCount.parts(used)
        return "\(over)\(amount) \(unit) used \(usedAmount) \(usedUnit)"
    }
}

/// `counter`: counts packets and bytes (nft(8), "COUNTER STATEMENT").
struct CounterExpression: StatementExpression {
    static let name = "counter"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
        words = Self.text(attributes).map { "counter \($0)" } ?? "counter"
    }

    /// Nil where nothing was counted.
    static func text(_ attributes: AttributeList) -> String? {
        let (bytes, packets) = (attributes.u64(1) ?? 0, attributes.u64(2) ?? 0)
        return bytes == 0 && packets == 0 ? nil : "packets \(packets) bytes \(bytes)"
    }
}

/// `connlimit`: goes on while there are so few connections, or so many (nft(8), "CONNTRACK EXPRESSIONS", `ct count`).
struct ConnectionLimitExpression: StatementExpression {
    static let name = "connlimit"

    let words: String

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 2), let count = attributes.u32(1) else { return nil }
        words = "ct count \((attributes.u32(2) ?? 0) & 1 != 0 ? "over " : "")\(count)"
    }
}

/// `last`: when a packet was seen last.
struct LastExpression: StatementExpression {
    static let name = "last"

    let words = "last"

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
    }
}
