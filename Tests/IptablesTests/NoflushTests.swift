import Diagnostics
import PacketModel
import Testing

@testable import Iptables

struct NoflushTests {
    private static let file = """
        *filter
        :INPUT DROP [0:0]
        :own - [0:0]
        -A INPUT -j own
        -A own -s host.example/24 -j ACCEPT
        COMMIT
        *filter
        -A INPUT -j LOG
        COMMIT

        """

    private func text(flushes: Bool) -> String {
        let source = SourceFile(name: "rules", text: Self.file)
        let (saved, _) = SaveFileReader.read(source, family: .ipv4, names: Oracle.names)
        let (ruleset, _) = LoadedRuleset.load(saved, from: source, family: .ipv4, keeping: !flushes)
        return String(decoding: ruleset.text(from: source, names: Oracle.names), as: UTF8.self)
    }

    @Test func `a table that comes twice goes on when nothing is flushed`() {
        let rules = text(flushes: false).split(separator: "\n").filter { $0.hasPrefix("-A") }
        #expect(rules == ["-A INPUT -j own", "-A INPUT -j LOG", "-A own -s host.example/24 -j ACCEPT"])
    }

    @Test func `else the second takes its place`() {
        #expect(!text(flushes: true).contains("own"))
    }

    @Test func `a name that no file has is kept, with a warning at its place`() throws {
        let source = SourceFile(name: "rules", text: Self.file)
        let (_, diagnostics) = SaveFileReader.read(source, family: .ipv4, names: Oracle.names)
        let warning = try #require(diagnostics.first)
        #expect(diagnostics.count == 1 && warning.severity == .warning)
        #expect(warning.code == "iptables.rule.address.name" && warning.primary?.range.start == 65)
    }
}
