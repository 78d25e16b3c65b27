import PacketModel

/// `limit`: a bucket of the rule alone (iptables-extensions(8)).
enum LimitMatch: MatchExtension {
    /// What the tool takes (measured on 1.8.9): more is "too fast" or "out of range".
    static let largestBurst: UInt32 = 10_000

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .stateful(.withinRate(let bucket)) = test.condition, bucket.name == nil else { return nil }
        guard !test.isNegated, bucket.key == .shared else {
            throw Inexpressible("a bucket without a name is one for all, and cannot be negated")
        }
        guard bucket.rate.count <= 10_000 * bucket.rate.unit.seconds, 1...largestBurst ~= bucket.burst else {
            throw Inexpressible("a limit of \(bucket.rate) burst \(bucket.burst)")
        }
        return [
            [
                MatchText("limit", "--limit", "\(bucket.rate)"),
                MatchText("limit", "--limit-burst", "\(bucket.burst)"),
            ]
        ]
    }
}
