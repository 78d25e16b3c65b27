import PacketModel

/// What the rules of ours have counted, by the comment that they bear.
package struct FirewallCounters: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var packets: UInt64 = 0
        package var bytes: UInt64 = 0
    }

    /// How full the buckets of a limit are.
    package struct Fill: Hashable, Sendable {
        /// The comment of the line that it belongs to.
        package var comment: String
        package var buckets: Int
        /// The most that the kernel keeps.
        package var size: Int
    }

    /// By comment: `policy.yaml:7 allow ssh`, `baseline invalid`.
    package private(set) var counts: [String: Count] = [:]
    package private(set) var fills: [Fill] = []

    package init() {}

    mutating func add(_ comment: String, packets: UInt64, bytes: UInt64) {
        counts[comment, default: Count()].packets.grow(by: packets)
        counts[comment, default: Count()].bytes.grow(by: bytes)
    }

    mutating func add(_ fill: Fill) {
        fills.append(fill)
    }

    package mutating func merge(_ other: FirewallCounters) {
        for (comment, count) in other.counts { add(comment, packets: count.packets, bytes: count.bytes) }
        fills += other.fills
    }
}
