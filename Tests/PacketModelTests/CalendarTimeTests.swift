import PacketModel
import Testing

@Suite struct CalendarTimeTests {
    /// The seconds are those of `date -u -d TEXT +%s`.
    @Test(
        arguments: [
            ("1970-01-01", 0, "1970-01-01 00:00 UTC"), ("2026-12-01", 1_796_083_200, "2026-12-01 00:00 UTC"),
            ("2024-02-29", 1_709_164_800, "2024-02-29 00:00 UTC"),
            ("2000-12-31T23:59:59Z", 978_307_199, "2000-12-31 23:59:59 UTC"),
            ("2026-12-01 18:30", 1_796_149_800, "2026-12-01 18:30 UTC"),
            ("2026-12-01T18:30+02:00", 1_796_142_600, "2026-12-01 16:30 UTC"),
            ("2026-12-31T20:00-05:30", 1_798_767_000, "2027-01-01 01:30 UTC"),
            ("2100-03-01", 4_107_542_400, "2100-03-01 00:00 UTC"),
        ]
    )
    func `a time is read and written`(text: String, seconds: UInt64, written: String) throws {
        let time = try #require(CalendarTime(text))
        #expect(time.seconds == seconds)
        #expect(time.description == written)
        #expect(CalendarTime(time.dateAndTime) == time)
    }

    @Test(
        arguments: [
            "", "2026", "2026-12", "2026-12-1", "2026-13-01", "2026-00-10", "2026-02-29", "2100-02-29",
            "2026-04-31", "2026-12-00", "2026-12-01T", "2026-12-01T24:00", "2026-12-01 18",
            "2026-12-01 18:60",
            "2026-12-01 18:30:60", "2026-12-01 18:30 UTC", "2026-12-01T18:30+2:00", "2026-12-01T18:30+15:00",
            "1969-12-31", "1970-01-01T00:00+01:00", "２０２６-12-01", "2026-12-01Z",
        ]
    )
    func `what no calendar has is none`(text: String) {
        #expect(CalendarTime(text) == nil)
    }

    @Test func `every day of 400 years is its own`() {
        var previous: CalendarTime?
        for day in stride(from: 0 as UInt64, to: 146_097 * 86_400, by: 86_400) {
            let time = CalendarTime(seconds: day)
            #expect(CalendarTime(String(time.dateAndTime.prefix(10))) == time)
            if let previous { #expect(previous < time) }
            previous = time
        }
    }
}
