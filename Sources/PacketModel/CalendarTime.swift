import Glibc

/// A second of coordinated universal time, as the host's clock counts and calendars write it.
package struct CalendarTime: Hashable, Comparable, Sendable {
    /// Since 1970 (time(2)).
    package let seconds: UInt64

    /// The clocks of iptables end there (xt_time counts 32 bits, and its tool reads years before 2038).
    package static let last = CalendarTime(seconds: 2_145_916_800)

    package init(seconds: UInt64) {
        self.seconds = seconds
    }

    /// What the host's clock says.
    package static var now: CalendarTime { CalendarTime(seconds: UInt64(max(0, time(nil)))) }

    /// Reads `2026-12-01`, `2026-12-01 18:30` and `2026-12-01T18:30:00Z`, also with `+02:00` for the `Z`; nil for anything
    /// else, and for days that no calendar has.
    package init?(_ text: String) {
        var rest = text[...]
        guard let year = Self.number(&rest, digits: 4), Self.skip(&rest, "-"),
            let month = Self.number(&rest, digits: 2), Self.skip(&rest, "-"),
            let day = Self.number(&rest, digits: 2)
        else { return nil }
        var (hour, minute, second, offset) = (0, 0, 0, 0)
        if !rest.isEmpty {
            guard Self.skip(&rest, "T") || Self.skip(&rest, " "), let hours = Self.number(&rest, digits: 2),
                Self.skip(&rest, ":"), let minutes = Self.number(&rest, digits: 2)
            else { return nil }
            (hour, minute) = (hours, minutes)
            if Self.skip(&rest, ":") {
                guard let number = Self.number(&rest, digits: 2) else { return nil }
                second = number
            }
            guard let zone = Self.zone(&rest) else { return nil }
            offset = zone
        }
        guard rest.isEmpty else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        guard hour < 24, minute < 60, second < 60, Self.calendar(days) == (year, month, day),
            (0...Self.lastWritten).contains(seconds)
        else { return nil }
        self.seconds = UInt64(seconds)
    }

    /// The last second of the year 9999: no later one is written with four digits.
    private static let lastWritten = 253_402_300_799

    /// The parts as mktime(3) takes them: the day 0 is the last of the month before, the month 0 the last of the year
    /// before; nil before 1970.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let (year, month) = month < 1 ? (year - 1, 12) : (year, month)
        let seconds =
            Self.days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        guard seconds >= 0 else { return nil }
        self.seconds = UInt64(seconds)
    }

    package static func < (left: CalendarTime, right: CalendarTime) -> Bool { left.seconds < right.seconds }

    /// As iptables takes it: `2026-12-01T18:30:00`.
    package var dateAndTime: String { "\(date)T\(clock):\(Self.two(Int(seconds % 60)))" }

    /// Seconds since midnight.
    package var timeOfDay: Int { Int(seconds % 86_400) }

    /// 1 for Monday to 7 for Sunday; 1970 began with a Thursday.
    package var weekDay: Int { Int((seconds / 86_400 + 3) % 7) + 1 }

    /// 1 to 31.
    package var monthDay: Int { Self.calendar(Int(seconds / 86_400)).day }

    package var date: String {
        let (year, month, day) = Self.calendar(Int(seconds / 86_400))
        return "\(year)-\(Self.two(month))-\(Self.two(day))"
    }

    private var clock: String {
        "\(Self.two(Int(seconds / 3_600 % 24))):\(Self.two(Int(seconds / 60 % 60)))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days since 1970. A year begins with March here, so that the day that some years have more is its last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - epoch
    }

    /// From the first of March of the year 0 to 1970.
    private static let epoch = 719_468

    private static func calendar(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // 400 years are 146,097 days.
        let day = (days + epoch) % 146_097
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let yearOfMarch = year + (days + epoch) / 146_097 * 400
        return (
            yearOfMarch + (month > 9 ? 1 : 0), month > 9 ? month - 9 : month + 3,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func number(_ text: inout Substring, digits: Int) -> Int? {
        let word = text.prefix(digits)
        guard word.utf8.count == digits, word.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        text = text.dropFirst(digits)
        return Int(word)
    }

    private static func skip(_ text: inout Substring, _ character: Character) -> Bool {
        guard text.first == character else { return false }
        text.removeFirst()
        return true
    }

    /// Seconds east of Greenwich; nothing means none.
    private static func zone(_ text: inout Substring) -> Int? {
        if text.isEmpty || skip(&text, "Z") { return 0 }
        let sign: Int
        if skip(&text, "+") { sign = 1 } else if skip(&text, "-") { sign = -1 } else { return nil }
        guard let hours = number(&text, digits: 2), skip(&text, ":"), let minutes = number(&text, digits: 2),
            hours <= 14, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}

extension CalendarTime: CustomStringConvertible {
    /// `2026-12-01 18:30 UTC`.
    package var description: String {
        let rest = seconds % 60 == 0 ? "" : ":\(Self.two(Int(seconds % 60)))"
        return "\(date) \(clock)\(rest) UTC"
    }
}
