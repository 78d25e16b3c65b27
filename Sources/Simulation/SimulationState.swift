import Netfilter
import PacketModel

/// What the matches that keep state remember between packets.
package struct SimulationState: Hashable, Sendable, Codable {
    /// Of a rule by its number, or of a name; for each key.
    struct Owner: Hashable, Sendable, Codable {
        var predicate: Int?
        var name: String?
        var key: [UInt128]
    }

    struct Bucket: Hashable, Sendable, Codable {
        /// In nanoseconds of refill.
        var tokens: UInt64
        var last: UInt64
    }

    /// The times at which an address was seen, the newest over the oldest when there is no more room.
    struct Sightings: Hashable, Sendable, Codable {
        var times: [UInt64] = []
        var next = 0
        var hopLimit: UInt8 = 0
        /// Counts up with each sighting of the list: the lowest is forgotten first.
        var order: UInt64 = 0
    }

    var buckets: [Owner: Bucket] = [:]
    var recent: [String: [UInt128: Sightings]] = [:]
    var connections: [Owner: Set<[UInt128]>] = [:]
    /// What is left, by the number of the predicate.
    var quotas: [Int: UInt64] = [:]
    var counts: [Int: UInt32] = [:]
    var sightings: UInt64 = 0

    package init() {}
}

extension SimulationState {
    /// Takes a token, if there is one (net/netfilter/nft_limit.c; net/netfilter/xt_hashlimit.c does the same).
    mutating func takesToken(_ bucket: TokenBucket, _ owner: Owner, at time: UInt64) -> Bool {
        let cost = max(1, UInt64(bucket.rate.unit.seconds) * 1_000_000_000 / UInt64(bucket.rate.count))
        let full = cost.multipliedReportingOverflow(by: UInt64(bucket.burst))
        let most = full.overflow ? UInt64.max : full.partialValue
        var state = buckets[owner] ?? Bucket(tokens: most, last: time)
        let gained = state.tokens.addingReportingOverflow(time - min(time, state.last))
        state.tokens = gained.overflow ? most : min(most, gained.partialValue)
        state.last = time
        let isWithin = state.tokens >= cost
        if isWithin { state.tokens -= cost }
        buckets[owner] = state
        return isWithin
    }

    /// As the kernel has it (net/netfilter/xt_quota.c): what does not fit empties the quota.
    mutating func spends(_ length: UInt64, of bytes: UInt64, _ predicate: Int) -> Bool {
        let left = quotas[predicate] ?? bytes
        quotas[predicate] = left >= length ? left - length : 0
        return left >= length
    }

    /// As the kernel counts (net/netfilter/xt_statistic.c, XT_STATISTIC_MODE_NTH).
    mutating func isNth(_ every: UInt32, offset: UInt32, _ predicate: Int) -> Bool {
        let count = counts[predicate] ?? 0
        counts[predicate] = count + 1 == every ? 0 : count + 1
        return count == offset
    }
}
