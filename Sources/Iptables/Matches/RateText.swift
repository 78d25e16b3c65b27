import Diagnostics
import PacketModel

/// Rates as `limit` and `hashlimit` have them: kept as the time that a token takes, in parts of a second.
struct RateText: Sendable {
    /// The parts of a second.
    let scale: UInt64
    /// The tool takes bytes for packets too.
    var mayBeBytes = false

    private static let units: [(name: String, shown: String, seconds: UInt64)] = [
        ("day", "day", 86_400), ("hour", "hour", 3_600), ("minute", "min", 60), ("second", "sec", 1),
    ]

    private static let bytes = [
        "512kb/s", "1mb/s", "100b/s", "15b/s", "16b/s", "1500b/s", "0b/s", "b/s", "5Kb/s", "5KB/s", "5kb/sec",
        "5kb",
        "5b/minute", "1gb/s", "2000mb/s", "2047mb/s", "2048mb/s", "32767mb/s", "32768mb/s", "4294967295b/s",
        "68719476735b/s", "-5b/s", "\"5 kb/s\"", "1023kb/s", "1025kb/s", "3000kb/s", "5000000b/s",
    ]

    /// The time of a token, and the unit that the rate was given in, in seconds.
    static func period(_ period: UInt64, unit: UInt64) -> OptionValue {
        .list([.number(period), .number(unit)])
    }

    var value: ValueSyntax {
        ValueSyntax(
            samples: [
                "5/min", "1/day", "100/day", "86400/day", "5/hour", "7/m", "61/min", "600/min", "5/sec", "5",
                "5/SECOND",
                "5x/day", "10000/sec", "10001/sec", "1000000/s", "1000001/s", "3000/s", "0/s", "5/", "5/x",
                "1/seconds",
                "-5/s", "x", "1/d", "9999/hour", "1000/h", "1234/min", "\" 5/s\"", "+5/s", "",
            ] + (mayBeBytes ? Self.bytes : []),
            read: { words, _ throws(Refusal) in try read(words[0]) },
            write: { value in
                if let cost = ByteRateText.cost(of: value) {
                    return Array(ByteRateText.text(cost: cost).utf8)
                }
                guard let period = value.items.first?.number else { return [] }
                let unit = shownUnit(period)
                return Array("\(unit.seconds * scale / period)/\(unit.shown)".utf8)
            }
        )
    }

    private func read(_ word: Word) throws(Refusal) -> OptionValue {
        if mayBeBytes, let rate = try ByteRateText.rate(word) { return rate }
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let count = UInt64(bitPattern: NumberText.signed(word.bytes[...]))
        var seconds: UInt64? = 1
        if parts.count == 2 {
            let wanted = parts[1].lowercased()
            seconds =
                wanted.isEmpty ? nil : Self.units.reversed().first { $0.name.hasPrefix(wanted) }?.seconds
        }
        guard let seconds, count > 0 else {
            throw Refusal("value.rate", "\(word.text) is not a rate", fix: "write a rate such as 5/minute")
        }
        guard count <= scale * seconds else {
            throw Refusal("value.rate", "the rate is more than \(scale) a second")
        }
        return Self.period(scale * seconds / count, unit: seconds)
    }

    /// The rate that the kernel holds: as it is printed.
    func rate(_ value: OptionValue) -> Rate? {
        guard let period = value.items.first?.number, period > 0 else { return nil }
        let unit = shownUnit(period)
        return Rate.Unit.allCases.first { UInt64($0.seconds) == unit.seconds }.flatMap {
            Rate(UInt32(truncatingIfNeeded: unit.seconds * scale / period), per: $0)
        }
    }

    /// The longest unit that divides the rate well, as the tool prints it.
    func shownUnit(_ period: UInt64) -> (name: String, shown: String, seconds: UInt64) {
        var unit = Self.units[0]
        for next in Self.units.dropFirst() {
            let whole = next.seconds * scale
            if period > whole || whole / period < whole % period { break }
            unit = next
        }
        return unit
    }
}
