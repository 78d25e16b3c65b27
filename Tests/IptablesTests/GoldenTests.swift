import Compiler
import Foundation
import Iptables
import Netfilter
import PacketModel
import Policy
import Testing

/// The text for whole policies, byte for byte. `WALLWRIGHT_RECORD=1` writes it anew, and still fails the run.
@Suite struct GoldenTests {
    @Test("the guide's policy is written as on file", arguments: IPFamily.allCases)
    func guide(family: IPFamily) throws {
        let ruleset = try IptablesLowering.lower(Sample.guide, usesIpset: true)
        let text = try IptablesPrinter.restoreFile(ruleset, family: family, includingJumps: true)
        try expect(text, isFile: "guide.\(family.rawValue).txt")
    }

    private func expect(_ text: String, isFile name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["WALLWRIGHT_RECORD"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)")
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
}
