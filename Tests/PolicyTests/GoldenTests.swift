import Diagnostics
import Foundation
import PacketModel
import Policy
import Testing

/// Each folder of `Golden/` holds a policy and what the reader says of it, byte for byte.
///
/// With `WALLWRIGHT_RECORD=1` the expected texts are written anew; the run fails then all the same.
@Suite struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Golden"
    )

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0 != "passwd" }.sorted()
    }()

    @Test func manyCasesAreThere() {
        #expect(Self.cases.count >= 45)
    }

    @Test(arguments: cases) func diagnosticsAreAsExpected(_ name: String) throws {
        let folder = Self.folder.appendingPathComponent(name)
        let place = try TemporaryFolder()
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try place.write(file, Data(contentsOf: folder.appendingPathComponent(file)))
        }
        try place.write("passwd", Data(contentsOf: Self.folder.appendingPathComponent("passwd")))
        let input = try Data(contentsOf: folder.appendingPathComponent("input.yaml"))
        let (policy, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "input.yaml", bytes: Array(input)),
            environment: PolicyEnvironment(
                folder: place.path,
                accounts: place.path + "/passwd",
                now: CalendarTime(seconds: 1_795_600_000)
            )
        )
        #expect((policy == nil) == diagnostics.hasErrors)
        let text = TerminalRenderer(usesColour: false).render(diagnostics).replacing(
            place.path,
            with: "FOLDER"
        )
        let expectedFile = folder.appendingPathComponent("expected.txt")
        if ProcessInfo.processInfo.environment["WALLWRIGHT_RECORD"] == "1" {
            try Data(text.utf8).write(to: expectedFile)
            Issue.record("recorded \(name)")
            return
        }
        let expected = try String(decoding: Data(contentsOf: expectedFile), as: UTF8.self)
        #expect(text == expected)
        #expect(!text.isEmpty, "a case says something")
    }
}
