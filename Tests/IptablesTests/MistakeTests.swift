import Diagnostics
import Foundation
import Iptables
import PacketModel
import TestSupport
import Testing

/// Each file of `Mistakes/` is what a person got wrong; beside it stands what is said of it, byte for byte. The end of the
/// name is the family that it is read for, or `sh`. `WALLWRIGHT_RECORD=1` writes the texts anew, and still fails the run.
@Suite struct MistakeTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Mistakes")

    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasSuffix(".expected") }.sorted()
    }()

    @Test func manyCasesAreThere() {
        #expect(Self.cases.count >= 40)
    }

    @Test(arguments: cases) func theyAreToldAsExpected(_ name: String) throws {
        let text = TerminalRenderer(usesColour: false).render(Self.diagnostics(try Self.source(name), name))
        let file = Self.folder.appending(path: name + ".expected")
        if ProcessInfo.processInfo.environment["WALLWRIGHT_RECORD"] == "1" {
            try Data(text.utf8).write(to: file)
            Issue.record("recorded \(name)")
            return
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
        #expect(!text.isEmpty)
    }

    /// What an edit is about is gone after it, and nothing new came.
    @Test(arguments: cases) func fixesWork(_ name: String) throws {
        try FixContract(
            advice: Self.advice,
            key: { "\($0.code) \($0.message)" },
            read: { Self.diagnostics($0, name) }
        ).hold(try Self.source(name))
    }

    /// One edit after the other leads to a file without errors.
    @Test(arguments: cases) func editsLeadToRules(_ name: String) throws {
        var source = try Self.source(name)
        for _ in 0..<8 {
            let errors = Self.diagnostics(source, name).filter { $0.severity == .error }
            guard let first = errors.first, !Self.advice.contains(first.code) else { return }
            let edits = try #require(first.fix?.choices.first, "\(first.code): \(first.message)")
            source = try #require(source.applying(edits))
        }
        Issue.record("the fixes of \(name) come to no end")
    }

    /// What is not mended in this file.
    private static let advice: Set<String> = ["iptables.save.family", "iptables.command.argument.missing"]

    private static func source(_ name: String) throws -> SourceFile {
        SourceFile(name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }

    private static func diagnostics(_ source: SourceFile, _ name: String) -> [Diagnostic] {
        let names = NameDatabase(
            services: "ssh 22/tcp\nhttp 80/tcp\n",
            protocols: "tcp 6 TCP\nudp 17 UDP\nipv6-icmp 58 IPv6-ICMP\n"
        )
        if name.hasSuffix(".sh") { return ScriptReading.read(source, names: names).diagnostics }
        return LoadedRuleset.read(source, family: name.hasSuffix(".v6") ? .ipv6 : .ipv4, names: names)
            .diagnostics
    }
}
