import Diagnostics
import PacketModel
import Glibc
import PacketModel

/// `RATEEST`: measures the rate of packets, for the match `rateest` (iptables-extensions(8)).
enum RateEstimatorTarget: TargetExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "RATEEST",
            .target,
            options: [
                OptionSyntax("rateest-name", name, mandatory: true),
                OptionSyntax("rateest-interval", time, mandatory: true),
                OptionSyntax("rateest-ewmalog", time, mandatory: true),
            ],
            sharing: (name: "rateest-name", others: ["rateest-interval", "rateest-ewmalog"]),
            complete: { instance, _ throws(Refusal) in
                let wanted = UInt32(truncatingIfNeeded: instance["rateest-interval"]?.number ?? 0)
                let average = UInt32(truncatingIfNeeded: instance["rateest-ewmalog"]?.number ?? 0)
                guard let interval = intervals.first(where: { wanted <= $0 }) else {
                    throw Refusal("value.time", "the interval of RATEEST is at most 8s")
                }
                guard let log = averagingLog(of: Double(average), interval: Double(wanted)) else {
                    throw Refusal(
                        "value.time",
                        "--rateest-ewmalog is too short or too long for the interval",
                        fix: "write a few times the interval"
                    )
                }
                instance.set("rateest-interval", .number(UInt64(interval)))
                instance.set("rateest-ewmalog", .number(UInt64(interval &* (1 << log))))
            },
            examples: ["-j RATEEST --rateest-name rates --rateest-interval 250ms --rateest-ewmalog 2s"]
        )
    ]

    /// What the kernel measures in, in microseconds: a quarter of a second to eight.
    private static let intervals: [UInt32] = (0...5).map { 250_000 << $0 }

    /// The power of two that the kernel averages by; nil when it knows none for this time.
    private static func averagingLog(of average: Double, interval: Double) -> Int? {
        let next = (1...30).first { shift in
            interval / -log(1 - 1 / Double(1 << shift)) > average
        }
        guard let next, next > 1 else { return nil }
        return next - 1
    }

    private static let longestName = 15

    private static let name = ValueSyntax(
        samples: ["rates", "rates2345678901234567890", "\"rates b\""],
        read: { words, _ in .text(Array(words[0].bytes.prefix(longestName))) },
        write: { $0.bytes }
    )

    private static let units: [String: Double] = [
        "": 1, "us": 1, "usec": 1, "usecs": 1, "ms": 1_000, "msec": 1_000, "msecs": 1_000, "s": 1_000_000,
        "sec": 1_000_000, "secs": 1_000_000,
    ]

    /// A number as strtod(3) reads it, with a unit; microseconds without.
    private static let time = ValueSyntax(
        samples: [
            "500ms", "250ms", "1s", "2s", "250000", "0.5s", "250MSEC", "1e6us", "8secs", "9s", "4000s",
            "4295s",
            "250001us", "1", "0", "0s", "-1s", "1m", "1 s", "x", "",
        ],
        read: { words, _ throws(Refusal) in
            let text = words[0].text.lowercased().drop { $0.isWhitespace }
            let unit = text.reversed().prefix { $0.isLetter }.reversed()
            guard let scale = units[String(unit)], let number = Double(text.dropLast(unit.count)) else {
                throw Refusal("value.time", "\(words[0].text) is not a time", fix: "write it as 250ms or 2s")
            }
            // As C makes an integer of 32 bits of it.
            let whole = Int64(exactly: (number * scale).rounded(.towardZero)) ?? 0
            return .number(UInt64(UInt32(truncatingIfNeeded: whole)))
        },
        write: { value in
            let (size, unit) = value.number >= 1_000_000 ? (100_000.0, "s") : (100.0, "ms")
            let tenths = Int((Double(value.number) / size).rounded(.toNearestOrEven))
            return Array("\(tenths / 10).\(tenths % 10)\(unit)".utf8)
        }
    )

    static func effect(of instance: ExtensionInstance, _ family: IPFamily) -> TargetEffect? {
        .aside
    }
}
