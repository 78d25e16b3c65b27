import PacketModel

/// `ttl` of IPv4 and `hl` of IPv6: equal, below, above (iptables-extensions(8)).
enum HopLimitMatch: MatchExtension {
    static let syntaxes = [syntax("ttl", .ipv4), syntax("hl", .ipv6)]

    private static func syntax(_ name: String, _ family: IPFamily) -> ExtensionSyntax {
        let (equal, below, above) = ("\(name)-eq", "\(name)-lt", "\(name)-gt")
        return ExtensionSyntax(
            name,
            .match,
            families: [family],
            options: [
                OptionSyntax(
                    equal,
                    aliases: [name],
                    .number(0...255),
                    invertible: true,
                    excludes: [below, above]
                ),
                OptionSyntax(below, .number(0...255), excludes: [equal, above]),
                OptionSyntax(above, .number(0...255), excludes: [equal, below]),
            ],
            oneOf: [equal, below, above],
            examples: ["-m \(name) --\(name)-lt 5", "-m \(name) ! --\(name)-eq 64"]
        )
    }

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

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            switch option.suffix(2) {
            case "lt":
                value.number == 0 ? .anyOf([]) : .range(.hopLimit, 0, UInt128(value.number - 1))
            case "gt": .range(.hopLimit, UInt128(value.number + 1), 255)
            default: value.condition(.hopLimit)
            }
        }
    }
}
