import ArgumentParser
import Diagnostics
import FoundationEssentials

/// A span of time on the command line: `90s`, `5m`, `1h`, `2d`. A number alone is none: people mean minutes by it as often
/// as seconds.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init(seconds: Int) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let digits = argument.dropLast()
        guard let unit = argument.last.flatMap({ units[$0] }),
            digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(digits), number > 0
        else { return nil }
        let (seconds, overflows) = number.multipliedReportingOverflow(by: unit)
        // Longer than a century is for good.
        guard !overflows, seconds <= 3_155_760_000 else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "\(seconds)s" }

    /// The span that an option was given; throws what to write in place of what is none.
    static func parse(_ argument: String) throws -> TimeSpan {
        if let span = TimeSpan(argument: argument) { return span }
        let isNumber = !argument.isEmpty && argument.allSatisfy { $0.isASCII && $0.isNumber }
        throw ValidationError(
            isNumber
                ? "a unit is missing: write \(argument)s, \(argument)m, \(argument)h or \(argument)d"
                : "a time is a number and a unit: 90s, 10m, 1h, 7d"
        )
    }
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
