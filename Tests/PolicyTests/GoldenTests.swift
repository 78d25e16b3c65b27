import Diagnostics
import Foundation
import PacketModel
import Policy
import TestSupport
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
        let place = try Self.place(of: name)
        let (policy, diagnostics) = Self.read(try Self.input(of: name), in: place)
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

    /// A folder with the files of a case.
    private static func place(of name: String) throws -> TemporaryFolder {
        let (folder, place) = (folder.appendingPathComponent(name), try TemporaryFolder())
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try place.write(file, Data(contentsOf: folder.appendingPathComponent(file)))
        }
        try place.write("passwd", Data(contentsOf: Self.folder.appendingPathComponent("passwd")))
        return place
    }

    private static func input(of name: String) throws -> SourceFile {
        let file = folder.appendingPathComponent(name).appendingPathComponent("input.yaml")
        return SourceFile(name: "input.yaml", bytes: Array(try Data(contentsOf: file)))
    }

    private static func read(_ source: SourceFile, in place: TemporaryFolder) -> (Policy?, [Diagnostic]) {
        PolicyReader.read(
            source: source,
            environment: PolicyEnvironment(
                folder: place.path,
                accounts: place.path + "/passwd",
                now: CalendarTime(seconds: 1_795_600_000)
            )
        )
    }

    /// The contract of every fix: what it is about is gone, and nothing new came.
    @Test(arguments: cases) func fixesWork(_ name: String) throws {
        let place = try Self.place(of: name)
        let source = try Self.input(of: name)
        try FixContract(advice: Self.advice, key: Self.key, read: { Self.read($0, in: place).1 })
            .hold(source) { $0.primary?.source.name == source.name }
    }

    /// Whether an error has a fix is not left to chance: these mistakes of a first day have one.
    @Test(arguments: cases.filter { $0.hasPrefix("mistake-") }) func mistakesHaveAFix(_ name: String) throws {
        let place = try Self.place(of: name)
        var source = try Self.input(of: name)
        for _ in 0..<16 {
            let diagnostics = Self.read(source, in: place).1.filter { $0.code != "policy.host.unknown" }
            guard let worst = diagnostics.first(where: { $0.severity == .error }) ?? diagnostics.first else {
                return
            }
            let edits = try #require(worst.fix?.choices.first, "\(worst.code): \(worst.message)")
            source = try #require(source.applying(edits))
        }
        Issue.record("the fixes of \(name) come to no end")
    }

    /// `check --fix` leaves only errors whose fix is a choice.
    @Test(arguments: cases.filter { $0.hasPrefix("mistake-") }) func correctionsLeaveChoices(_ name: String)
        throws
    {
        let place = try Self.place(of: name)
        let source = try Self.input(of: name)
        let (text, left) = source.fixed { Self.read($0, in: place).1 }
        let errors = left.filter { $0.severity == .error }
        #expect(errors.allSatisfy { ($0.fix?.choices.count ?? 0) > 1 }, "\(errors.map(\.message))")
        #expect(!errors.isEmpty || text.bytes != source.bytes || !Self.read(source, in: place).1.hasErrors)
    }

    /// What only a person can do: elsewhere than in this file, or by knowing more.
    private static let advice: Set<String> = [
        "policy.file.encoding", "policy.address.zone", "policy.limit.zero", "policy.nat.target",
        "policy.nat.unadmitted",
        "policy.deny.names", "policy.until.range", "policy.key.conflict", "policy.key.missing",
        "policy.key.duplicate", "policy.nat.masquerade", "policy.nat.overlap", "policy.value.empty",
        "policy.nat.unforwarded",
    ]

    /// Without the numbers of lines, which edits move; nil for a name that nobody looked up, which is no mistake.
    private static func key(of diagnostic: Diagnostic) -> String? {
        guard diagnostic.code != "policy.host.unknown" else { return nil }
        return "\(diagnostic.code) \(diagnostic.message.replacing(/line [0-9]+/, with: "line"))"
    }
}
