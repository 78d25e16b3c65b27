import PacketModel

/// `-s` and `-d`, which iptables has by itself, and `iprange` for what is no prefix (iptables-extensions(8)).
enum AddressMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "iprange",
            .match,
            options: ["src-range", "dst-range"].map { name in
                OptionSyntax(name, .addressRange, invertible: true) { value in
                    guard case .addressRange(let low, let high) = value, low > high else { return nil }
                    return "the range is backwards: no address is in it"
                }
            },
            oneOf: ["src-range", "dst-range"],
            examples: ["-m iprange --src-range 192.0.2.1-192.0.2.9", "-m iprange ! --dst-range 192.0.2.1"]
        )
    ]

    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(let field, let addresses) = test.condition,
            field == .source || field == .destination
        else { return nil }
        let everything = Interval<UInt128>(0, context.family.lastAddress)
        if let everything, addresses.intervals == [everything] { return test.isNegated ? [] : [[]] }
        // `-s` can stand in a rule but once, so of several negations only ranges can be said together.
        let asRanges = test.isNegated && addresses.intervals.count > 1
        return test.either(
            addresses.intervals.map { interval in
                if !asRanges, let prefix = interval.prefix(in: context.family) {
                    return MatchText(nil, field == .source ? "-s" : "-d", "\(prefix)")
                }
                let lower = IPAddress(family: context.family, value: interval.lower)
                let upper = IPAddress(family: context.family, value: interval.upper)
                return MatchText(
                    "iprange",
                    field == .source ? "--src-range" : "--dst-range",
                    "\(lower)-\(upper)"
                )
            }
        )
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            value.condition(option == "src-range" ? .source : .destination)
        }
    }
}
