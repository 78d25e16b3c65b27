import Diagnostics
import PacketModel

/// Dates, times and days as `time` reads them (measured on 1.8.9): numbers as strtoul(3) reads them, between separators.
enum TimeText {
    /// `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`, as seconds since 1970.
    static func date(_ word: Word) throws(Refusal) -> UInt64 {
        let (first, last) = (UInt64(1_970), UInt64(2_038))
        let parts = numbers(word.bytes[...], separators: "--T::")
        let highest: [UInt64] = [last, 12, 31, 23, 59, 59]
        guard let parts, parts[0] >= first, zip(parts, highest).allSatisfy(<=) else {
            throw Refusal(
                "value.date",
                "\(word.text) is not a date",
                fix: "write a date from \(first) to \(last) such as 2026-12-01T18:30:00"
            )
        }
        func part(_ place: Int, or usual: Int) -> Int { parts.count > place ? Int(parts[place]) : usual }
        let time = CalendarTime(
            year: part(0, or: 0),
            month: part(1, or: 1),
            day: part(2, or: 1),
            hour: part(3, or: 0),
            minute: part(4, or: 0),
            second: part(5, or: 0)
        )
        guard let time else { throw Refusal("value.date", "\(word.text) lies before 1970") }
        return time.seconds
    }

    /// `hh:mm[:ss]`, as seconds of the day.
    static func timeOfDay(_ word: Word) throws(Refusal) -> UInt64 {
        guard let parts = numbers(word.bytes[...], separators: "::"), parts.count >= 2,
            zip(parts, [23, 59, 59]).allSatisfy(<=)
        else {
            throw Refusal(
                "value.time",
                "\(word.text) is not a time of the day",
                fix: "write a time such as 18:30"
            )
        }
        return parts[0] * 3_600 + parts[1] * 60 + (parts.count > 2 ? parts[2] : 0)
    }

    /// `18:30:00`
    static func clock(_ seconds: UInt64) -> String {
        [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
    }

    /// Numbers with these separators between them, as many as there are.
    private static func numbers(_ bytes: ArraySlice<UInt8>, separators: String) -> [UInt64]? {
        var numbers: [UInt64] = []
        var rest = bytes
        for separator in Array(separators.utf8).map(Optional.some) + [nil] {
            let (value, after) = NumberText.loosePrefix(rest, base: 10)
            numbers.append(UInt64(UInt32(truncatingIfNeeded: value)))
            guard let next = after.first else { return numbers }
            guard next == separator else { return nil }
            rest = after.dropFirst()
        }
        return nil
    }

    /// Days between commas; of each no more characters are read than the tool has room for. Nothing is the day 0.
    private static func days(
        _ word: Word,
        room: Int,
        _ bit: (ArraySlice<UInt8>) throws(Refusal) -> UInt64
    ) throws(Refusal) -> UInt64 {
        var parts = word.bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false)
        if parts.last?.isEmpty ?? false { parts.removeLast() }
        var days: UInt64 = 0
        for part in parts { days |= 1 << (try bit(part.prefix(room)) % 32) }
        return days
    }

    private static func list(_ days: UInt64, _ shown: ClosedRange<UInt64>, _ name: (UInt64) -> String)
        -> [UInt8]
    {
        Array(shown.filter { days >> $0 & 1 == 1 }.map(name).joined(separator: ",").utf8)
    }

    static let everyMonthDay: UInt64 = 0xFFFF_FFFE

    /// 1 to 31; a bit for each, and the bit 0 for what no month has.
    static let monthDays = ValueSyntax(
        samples: [
            "1", "31", "1,15,31", "15,1,1", "0", "32", "123", "08", "0x1F", "0xA", " 7", "1,,2", ",1", "1,",
            "x",
            "1-5", (1...31).map(String.init).joined(separator: ","), "-1", "",
        ],
        read: { words, _ throws(Refusal) in
            let days = try days(words[0], room: 2) { part throws(Refusal) in
                let (day, rest) = NumberText.loosePrefix(part)
                guard rest.isEmpty, day <= 31 else {
                    throw Refusal(
                        "value.day",
                        "\(String(decoding: part, as: UTF8.self)) is not a day of a month"
                    )
                }
                return day
            }
            return .number(days)
        },
        write: { list($0.number, 1...31) { "\($0)" } }
    )

    static let everyWeekDay: UInt64 = 0xFE

    /// Monday to Sunday by at least two letters, or 1 to 7; the kernel keeps eight bits.
    static let weekDays = ValueSyntax(
        samples: [
            "Mon", "Sun", "Mon,Tue,Wed,Thu,Fri", "Sa,So", "Su,Mo", "Monday", "Mox", "M", "mon", "MON", "1",
            "7",
            "1,7,3",
            "8", "0", "33", "999", "07", "0x2", "1,Tue", "Mon,,Tue", "Mon,", ",Mon", "Mo-Fr", "1,2,3,4,5,6,7",
            "",
        ],
        read: { words, _ throws(Refusal) in
            let days = try days(words[0], room: 3) { part throws(Refusal) in
                let (day, rest) = NumberText.loosePrefix(part)
                if rest.isEmpty, day > 0 { return day }
                let text = String(decoding: part, as: UTF8.self)
                guard let place = weekDayNames.firstIndex(where: { $0.prefix(2) == text.prefix(2) }) else {
                    throw Refusal(
                        "value.day",
                        "\(text.isEmpty ? "nothing" : text) is not a day of a week",
                        fix: NearestSpelling.fix(for: text, among: weekDayNames)
                    )
                }
                return UInt64(place) + 1
            }
            return .number(days & 0xFF)
        },
        write: { list($0.number, 1...7) { weekDayNames[Int($0) - 1] } }
    )

    private static let weekDayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
