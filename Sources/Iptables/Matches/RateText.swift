import PacketModel

/// Rates as `limit` and `hashlimit` have them: kept as the time that a token takes, in parts of a second.
struct RateText: Sendable {
    /// The parts of a second.
    let scale: UInt64
    /// The tool takes bytes for packets too, which are not read yet.
    var mayBeBytes = false

    private static let units: [(name: String, shown: String, seconds: UInt64)] = [
        ("day", "day", 86_400), ("hour", "hour", 3_600), ("minute", "min", 60), ("second", "sec", 1),
    ]

    /// The time of a token, and the unit that the rate was given in, in seconds.
    static func period(_ period: UInt64, unit: UInt64) -> OptionValue {
        .list([.number(period), .number(unit)])
    }

    var value: ValueSyntax {
        ValueSyntax(
            samples: [
                "1/day", "100/day", "86400/day", "5/hour", "7/m", "61/min", "600/min", "5/sec", "5",
                "5/SECOND",
                "5x/day", "10000/sec", "10001/sec", "1000000/s", "1000001/s", "3000/s", "0/s", "5/", "5/x",
                "1/seconds",
                "-5/s", "x", "1/d", "9999/hour", "1000/h", "1234/min", "",
            ],
            read: { words, _ throws(Refusal) in try read(words[0]) },
            write: { value in
                guard let period = value.items.first?.number else { return [] }
                let unit = shownUnit(period)
                return Array("\(unit.seconds * scale / period)/\(unit.shown)".utf8)
            }
        )
    }

    private func read(_ word: Word) throws(Refusal) -> OptionValue {
        let parts = word.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let after = parts[0].drop { $0.isASCII && $0.isNumber }
        if mayBeBytes, let letter = after.first, "bkmgBKMG".contains(letter) {
            throw Refusal("value.unread", "Wallwright does not read rates in bytes yet")
        }
        let count = UInt64(parts[0].prefix { $0.isASCII && $0.isNumber }) ?? 0
        var seconds: UInt64? = 1
        if parts.count == 2 {
            let wanted = parts[1].lowercased()
            seconds =
                wanted.isEmpty ? nil : Self.units.reversed().first { $0.name.hasPrefix(wanted) }?.seconds
        }
        guard let seconds, count > 0 else {
            throw Refusal("value.rate", "\(word.text) is no rate", fix: "write a rate such as 5/minute")
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
