import PacketModel

/// `hashlimit`: a named table of buckets (iptables-extensions(8)).
///
/// The kernel finds the table by its name and keeps its first parameters, so a name must change with them.
/// When the table is full the kernel drops the packet (xt_hashlimit.c, "hotdrop").
enum HashlimitMatch: MatchExtension {
    /// What the tool takes (measured on 1.8.9): more is "too fast" or "out of range".
    static let fastestPerSecond: UInt64 = 1_000_000
    static let largestBurst: UInt32 = 1_000_000
    /// In seconds: the kernel counts credits for a day (xt_hashlimit.c, MAX_CPJ); what overflows is another burst.
    static let longestRefill = 86_400
    static let entries = 65_536
    /// A shorter life than the refill time would give an idle source its burst anew.
    private static let shortestExpiry = 10_000

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .stateful(.withinRate(let bucket)) = test.condition, let name = bucket.name
        else { return nil }
        let expiry = max(bucket.refillSeconds * 1_000, shortestExpiry)
        guard UInt64(bucket.rate.count) <= fastestPerSecond * UInt64(bucket.rate.unit.seconds),
            1...largestBurst ~= bucket.burst, bucket.refillSeconds <= longestRefill
        else { throw Inexpressible("a limit of \(bucket.rate) burst \(bucket.burst)") }
        func text(_ option: String, _ argument: String) -> MatchText {
            MatchText("hashlimit", "--hashlimit-" + option, argument)
        }
        var texts = [
            text(test.isNegated ? "above" : "upto", "\(bucket.rate)"), text("burst", "\(bucket.burst)"),
        ]
        switch bucket.key {
        case .shared: break
        case .source(let length):
            texts.append(text("mode", "srcip"))
            if context.family == .ipv6 { texts.append(text("srcmask", "\(length)")) }
        case .destination(let length):
            texts.append(text("mode", "dstip"))
            if context.family == .ipv6 { texts.append(text("dstmask", "\(length)")) }
        }
        texts += [text("name", name), text("htable-max", "\(entries)"), text("htable-expire", "\(expiry)")]
        return [texts]
    }
}
