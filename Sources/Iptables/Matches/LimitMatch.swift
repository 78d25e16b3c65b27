import Netfilter
import PacketModel

/// `limit`: a bucket of the rule alone (iptables-extensions(8)).
enum LimitMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "limit",
            .match,
            options: [
                OptionSyntax("limit", rate),
                OptionSyntax("limit-burst", .number(0...UInt64(largestBurst))),
            ],
            complete: { instance, _ throws(Refusal) in
                if !instance.has("limit") {
                    instance.set("limit", RateText.period(3_600 * scale / 3, unit: 3_600))
                }
                instance.remove("limit-burst", ifEqual: .number(5))
                instance.remove("limit-burst", ifEqual: .number(0))
            },
            examples: ["-m limit", "-m limit --limit 5/min --limit-burst 10"]
        )
    ]

    /// The kernel counts in ten-thousandths of a second (linux/netfilter/xt_limit.h, XT_LIMIT_SCALE).
    private static let scale: UInt64 = 10_000

    private static let rate = RateText(scale: scale).value

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

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        guard let rate = instance["limit"].flatMap({ RateText(scale: scale).rate($0) }) else { return nil }
        let burst = UInt32(truncatingIfNeeded: instance["limit-burst"]?.number ?? 5)
        return [.stateful(.withinRate(TokenBucket(rate: rate, burst: burst)))]
    }
}
