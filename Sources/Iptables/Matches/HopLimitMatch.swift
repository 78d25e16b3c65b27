import PacketModel

/// `ttl` of IPv4 and `hl` of IPv6: equal, below, above (iptables-extensions(8)).
enum HopLimitMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.hopLimit, let limits) = test.condition else { return nil }
        let limit = test.isNegated ? limits.complement() : limits
        let module = context.family == .ipv4 ? "ttl" : "hl"
        return limit.intervals.filter { $0.lower <= 255 }.map { interval in
            if interval.isSingle { return [MatchText(module, "--\(module)-eq", "\(interval.lower)")] }
            var texts: [MatchText] = []
            if interval.lower > 0 { texts.append(MatchText(module, "--\(module)-gt", "\(interval.lower - 1)")) }
            if interval.upper < 255 {
                // The extension takes one comparison at a time, so the second loads it again.
                texts.append(MatchText(module, "--\(module)-lt", "\(interval.upper + 1)"))
            }
            return texts
        }
    }
}
