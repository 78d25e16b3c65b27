import Glibc
import PacketModel

/// A time that counts from the moment of whoever reads it: `1h`, `23:30`. In a file, which is read again by every plan,
/// boot and rollback, it names no moment; the moment that it would name now is what can be written there.
struct RelativeTime {
    private enum Form {
        case span(seconds: Int)
        /// The next time that a clock on the wall shows it.
        case clock(hour: Int, minute: Int)
    }

    private let form: Form

    /// Nil for what is no such time.
    init?(_ text: String) {
        let word = text.lowercased().filter { $0 != " " }
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number < 1 << 24 else { return nil }
        let rest = word.dropFirst(digits.count)
        if rest.first == ":", rest.count == 3, let minute = Int(rest.dropFirst()), number < 24,
            (0..<60).contains(minute)
        {
            form = .clock(hour: number, minute: minute)
        } else if let unit = Self.units.first(where: { $0.names.contains(String(rest)) }) {
            form = .span(seconds: number * unit.seconds)
        } else {
            return nil
        }
    }

    private static let units: [(names: [String], seconds: Int)] = [
        (["s", "sec", "second", "seconds"], 1), (["m", "min", "minute", "minutes"], 60),
        (["h", "hour", "hours"], 3_600), (["d", "day", "days"], 86_400), (["w", "week", "weeks"], 604_800),
    ]

    /// The moment that it names now, in the zone of this host, as a policy has it: `2026-12-01T18:30+01:00`; nil for one that
    /// no policy can have.
    func text(now: CalendarTime) -> String? {
        let moment = moment(now: Int(now.seconds))
        guard moment < Int(CalendarTime.last.seconds) else { return nil }
        let offset = Self.offset(moment)
        let local = CalendarTime(seconds: UInt64(moment + offset)).dateAndTime.dropLast(3)
        let (hours, minutes) = (abs(offset) / 3_600, abs(offset) / 60 % 60)
        let zone = [hours, minutes].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return offset == 0 ? "\(local)Z" : "\(local)\(offset < 0 ? "-" : "+")\(zone)"
    }

    /// On a whole minute, and never sooner than was said.
    private func moment(now: Int) -> Int {
        switch form {
        case .span(let seconds):
            return (now + seconds + 59) / 60 * 60
        case .clock(let hour, let minute):
            let wanted = hour * 3_600 + minute * 60
            let today = (now + Self.offset(now)) / 86_400 * 86_400
            let next = [today, today + 86_400].map {
                $0 + wanted - Self.offset($0 + wanted - Self.offset(now))
            }
            return next.first { $0 > now } ?? now
        }
    }

    /// Seconds east of Greenwich, as this host has it then (localtime(3)).
    private static func offset(_ seconds: Int) -> Int {
        var time = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&time, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff / 60 * 60
    }
}
