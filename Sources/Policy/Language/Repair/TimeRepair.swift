import PacketModel

/// What a text that is no day of the calendar was probably meant to say: `01.12.2027`, `2027/12/1`, `tomorrow`.
enum TimeRepair {
    /// Days, with their minute where one is said; two for `01/02/2027`.
    static func meanings(of text: String, now: CalendarTime) -> [String] {
        let lower = text.lowercased()
        if let days = ["today": 1, "tomorrow": 1, "next week": 7, "next month": 30][lower] {
            return [CalendarTime(seconds: now.seconds + UInt64(days) * 86_400).date]
        }
        guard let match = lower.wholeMatch(of: /([0-9]+)[-.\/ ]([0-9]+)[-.\/ ]([0-9]+)(?:[ t,]+(.*))?/) else {
            return []
        }
        let clock = match.4.flatMap { self.clock(String($0)) }
        if match.4 != nil, clock == nil { return [] }
        let (first, second, third) = (String(match.1), String(match.2), String(match.3))
        let orders: [(String, String, String)] =
            first.count == 4
            ? [(first, second, third)]
            : third.count == 4
                ? (lower.contains("/") ? [(third, first, second)] : []) + [(third, second, first)] : []
        var days: [String] = []
        for (year, month, day) in orders {
            let text = "\(year)-\(two(month))-\(two(day))" + (clock.map { " \($0)" } ?? "")
            if CalendarTime(text) != nil, !days.contains(text) { days.append(text) }
        }
        return days
    }

    /// `6:30pm`, `18.30`, `18h`.
    private static func clock(_ text: String) -> String? {
        guard
            let match = text.wholeMatch(
                of: /([0-9]{1,2})(?:[:.h]([0-9]{2})?)?(?::[0-9]{2})? *(am|pm|h|utc|z)?/
            ),
            let hour = Int(match.1)
        else { return nil }
        let shifted = match.3 == "pm" ? hour % 12 + 12 : match.3 == "am" ? hour % 12 : hour
        return "\(two("\(shifted)")):\(match.2 ?? "00")"
    }

    private static func two(_ digits: String) -> String { digits.count < 2 ? "0" + digits : digits }
}
