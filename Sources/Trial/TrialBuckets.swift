import PacketModel
import Policy

/// How many tokens the packets of a trial have taken from the buckets of limited lines.
struct TrialBuckets: Sendable {
    private struct Bucket: Hashable {
        var origin: Origin
        var family: IPFamily
        /// The network that the bucket is of; nil for the one of all.
        var network: UInt128?
    }

    private let limits: [Origin: Limit]
    private var taken: [Bucket: Int] = [:]

    init(_ policy: Policy) {
        limits = Dictionary(
            policy.lines.compactMap { line in line.limit.map { (line.origin, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Takes a token for a packet that these lines limit; whether one of them is sure to have had one.
    mutating func take(_ origins: [Origin], _ approach: Approach) -> Bool {
        var passes = false
        for origin in origins {
            guard let limit = limits[origin] else { continue }
            let bucket = bucket(origin, limit, approach)
            if taken[bucket, default: 0] < Int(limit.burst) { passes = true }
            taken[bucket, default: 0] += 1
        }
        return passes
    }

    /// How many were taken from the bucket of a line that counts this packet.
    func taken(_ origin: Origin, _ approach: Approach) -> Int {
        limits[origin].map { taken[bucket(origin, $0, approach), default: 0] } ?? 0
    }

    private func bucket(_ origin: Origin, _ limit: Limit, _ approach: Approach) -> Bucket {
        func network(_ address: IPAddress, _ length: Int) -> UInt128 {
            // Of IPv4 each address has a bucket of its own.
            address.family == .ipv4 ? address.value : address.value >> UInt128(128 - length)
        }
        let key: UInt128? =
            switch limit.key {
            case .shared: nil
            case .source(let length): network(approach.source, length)
            case .destination(let length): network(approach.destination, length)
            }
        return Bucket(origin: origin, family: approach.family, network: key)
    }
}
