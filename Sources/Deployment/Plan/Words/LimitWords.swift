import PacketModel
import Policy

/// Limits as a policy writes them.
enum LimitWords {
    /// `50/minute burst 100 per source`; several stand beside each other, because one of them suffices.
    static func text(_ limits: [Limit]) -> String {
        limits.isEmpty ? "without a limit" : limits.map(text).joined(separator: " or ")
    }

    static func text(_ limit: Limit) -> String {
        let burst = limit.burst == limit.rate.count ? "" : " burst \(limit.burst)"
        return "\(limit.rate)\(burst)\(key(limit.key))"
    }

    private static func key(_ key: TokenBucket.Key) -> String {
        switch key {
        case .shared: ""
        case .source(let length): " per source\(suffix(length))"
        case .destination(let length): " per destination\(suffix(length))"
        }
    }

    /// A policy that names no prefix length means this one.
    private static func suffix(_ length: Int) -> String { length == 64 ? "" : "/\(length)" }
}
