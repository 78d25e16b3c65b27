import PacketModel

/// `ttl` of IPv4 and `hl` of IPv6: equal, below, above (iptables-extensions(8)).
enum HopLimitMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.hopLimit, let limits) = test.condition else { return nil }
        let limit = test.isNegated ? limits.complement() : limits
        let module = context.family == .ipv4 ? "ttl" : "hl"
        func text(_ comparison: String, _ bound: UInt128) -> MatchText {
            var text = MatchText(module, "--\(module)-\(comparison)", "\(bound)")
            text.standsAlone = true
            return text
        }
        return limit.intervals.filter { $0.lower <= 255 }.map { interval in
            if interval.isSingle { return [text("eq", interval.lower)] }
            return (interval.lower > 0 ? [text("gt", interval.lower - 1)] : [])
                + (interval.upper < 255 ? [text("lt", interval.upper + 1)] : [])
        }
    }
}
