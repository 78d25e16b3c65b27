import Diagnostics
import Glibc
import PacketModel
import TestSupport
import Testing

@testable import Policy

/// Times that count from now: refused in a file, with the moment that they would name.
@Suite struct RelativeTimeTests {
    private static func diagnostics(_ until: String, now: CalendarTime) -> [Diagnostic] {
        let text = "wallwright: 1\ninbound:\n  - allow: ssh\n    until: \(until)\n"
        return PolicyReader.read(
            source: SourceFile(name: "input.yaml", text: text),
            environment: PolicyEnvironment(folder: "/nonexistent", now: now)
        ).diagnostics
    }

    /// The moment that the fix says; with it in its place the policy has no error left.
    private static func moment(_ until: String, now: CalendarTime) throws -> CalendarTime {
        let diagnostics = diagnostics(until, now: now)
        #expect(diagnostics.map(\.code) == ["policy.until.relative"], "\(until)")
        let fix = try #require(diagnostics.first?.fix.map { "\($0)" }, "\(until)")
        let word = try #require(fix.split(separator: " ").last.map(String.init))
        #expect(!Self.diagnostics(word, now: now).hasErrors, "\(word)")
        return try #require(CalendarTime(word), "\(fix)")
    }

    private static let nows: [CalendarTime] = {
        var random = SplitMix64(state: 12)
        return (0..<200).map { _ in
            CalendarTime(seconds: UInt64.random(in: 1_700_000_000...2_000_000_000, using: &random))
        }
    }()

    @Test(arguments: [
        ("1h", 3_600), ("30m", 1_800), ("90s", 90), ("2d", 172_800), ("1w", 604_800), ("2 hours", 7_200),
        ("45 min", 2_700),
    ])
    func aSpanEndsOnTheMinuteAfterIt(_ text: String, _ seconds: Int) throws {
        for now in Self.nows {
            let late = Int(try Self.moment(text, now: now).seconds) - Int(now.seconds) - seconds
            #expect((0..<60).contains(late), "\(text) at \(now)")
        }
    }

    @Test(arguments: [(23, 30), (0, 0), (9, 5)])
    func aClockIsTheNextTimeThatThisHostShowsIt(_ hour: Int, _ minute: Int) throws {
        for now in Self.nows {
            let moment = try Self.moment("\(hour):\(minute < 10 ? "0" : "")\(minute)", now: now)
            var time = time_t(moment.seconds)
            var parts = unsafe tm()
            #expect(unsafe localtime_r(&time, &parts) != nil)
            unsafe #expect(Int(parts.tm_hour) == hour && Int(parts.tm_min) == minute)
            #expect(moment > now && moment.seconds <= now.seconds + 90_000)
        }
    }

    @Test func whatNoPolicyCanHaveHasNoFix() {
        let late = Self.diagnostics("9000d", now: CalendarTime(seconds: 1_795_600_000))
        #expect(late.map(\.code) == ["policy.until.relative"] && late.first?.fix == nil)
        for text in ["25:00", "1x", "h", "12:60", "soon"] {
            let codes = Self.diagnostics(text, now: CalendarTime(seconds: 1_795_600_000)).map(\.code)
            #expect(codes == ["policy.value.type"], "\(text)")
        }
    }
}
