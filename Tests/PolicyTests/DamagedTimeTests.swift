import Diagnostics
import PacketModel
import TestSupport
import Testing

@testable import Policy

/// Times as people write them, in policies: each is read as what it says, or refused.
@Suite struct DamagedTimeTests {
    private static let times = [
        "2026-12-01", "2026-12-01 18:30", "2026-12-01T18:30:00Z", "2026-12-01T18:30:59+02:00",
        "1970-01-01 00:00-14:00", "9999-12-31T23:59:59Z", "2024-02-29", "1h", "90m", "2 days", "tomorrow",
    ]

    @Test func aTimeIsReadAsItIsWrittenAgain() {
        var count = 0
        for text in DamagedTexts(
            of: Self.times,
            pieces: ["T", "Z", "00", "29", "31", "60", "24", "٣", "²"],
            600
        ) {
            guard let time = CalendarTime(text) else { continue }
            count += 1
            #expect(CalendarTime(time.dateAndTime + "Z") == time, "\(text)")
            #expect((0..<86_400).contains(time.timeOfDay) && (1...7).contains(time.weekDay), "\(text)")
            #expect((1...31).contains(time.monthDay), "\(text)")
        }
        #expect(count > 50)
    }

    @Test func aPolicyWithATimeIsReadOrRefusedAtItsPlace() {
        let policies = Self.times.map { "wallwright: 1\ninbound:\n  - allow: ssh\n    until: \($0)\n" }
        for text in DamagedTexts(of: policies, pieces: ["until: ", "\n    until: "], 30) {
            let source = SourceFile(name: "policy.yaml", text: text)
            let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/"))
            #expect(read.policy != nil || read.diagnostics.hasErrors, "\(text)")
            _ = TerminalRenderer(usesColour: false).render(read.diagnostics)
        }
    }
}
