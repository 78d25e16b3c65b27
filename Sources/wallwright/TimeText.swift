import ArgumentParser
import Diagnostics
import FoundationEssentials

/// A span of time on the command line: `90s`, `5m`, `1h`, `2d`, or plain seconds.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let unit = argument.last.flatMap { units[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), number > 0 else {
            return nil
        }
        let (seconds, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        // Longer than a century is for good.
        guard !overflows, seconds <= 3_155_760_000 else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "\(seconds)s" }
}

extension Date {
    /// As a clock on the wall shows it: `2026-11-25 12:00:41`.
    var text: String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current)
        return style.year().month().day().time(includingFractionalSeconds: false).format(self)
    }

    /// The time of the day alone.
    var clock: String { String(text.suffix(8)) }
}
