import PacketModel

/// `time`: from a second to a second of universal time, both included (iptables-extensions(8)).
enum TimeMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.time, let times) = test.condition else { return nil }
        let allowed = test.isNegated ? times.complement() : times
        return allowed.intervals.map { interval in
            var options: [MatchText] = []
            if interval.lower > 0 { options.append(text("--datestart", interval.lower)) }
            if interval.upper < UInt128(CalendarTime.last.seconds) {
                options.append(text("--datestop", interval.upper))
            }
            return options
        }
    }

    private static func text(_ option: String, _ bound: UInt128) -> MatchText {
        MatchText("time", option, CalendarTime(seconds: UInt64(clamping: bound)).dateAndTime)
    }
}
