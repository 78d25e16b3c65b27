import Diagnostics
import Foundation
import PacketModel
import Testing

@testable import Iptables

/// Scripts as people have them, run by a real shell with the real tools, leave the rules that we say.
@Suite(.enabled(if: Sandbox.isAvailable, Sandbox.unavailable), .serialized)
struct ScriptIptablesTests {
    @Test(arguments: SampleScript.all)
    func `a script leaves the rules that we say`(script: SampleScript) throws {
        let reading = ScriptReading.read(script.source, names: Oracle.names)
        let result = try Sandbox.run(
            """
            \(script.shell) $DIR/script start >$DIR/output 2>&1 || true
            iptables-nft-save; echo; ip6tables-nft-save
            """,
            files: ["script": script.text]
        )
        #expect(lines(result.output) == lines(ofStates: reading.outcomes[0]), "\(script.name)")
    }

    @Test func `after each command of the guide the rules are those that we say`() throws {
        let script = SampleScript.guide
        let reading = ScriptReading.read(script.source, names: Oracle.names)
        // The whole state after each line that is a command.
        let text = script.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            "\($0) >/dev/null; iptables-nft-save | grep -v '^#' || true; echo NEXT\n"
        }.joined()
        let result = try Sandbox.run(text)
        var states: [String] = []
        reading.outcomes[0].forEachState(.ipv4) { _, ruleset in
            states.append(String(decoding: ruleset.text(names: Oracle.names), as: UTF8.self))
        }
        #expect(result.output == states.map { $0 + "NEXT\n" }.joined())
        #expect(states.count == 24)
    }

    @Test func `commands are taken and refused as the tool does`() throws {
        let cases = CommandLineCase.all
        var files: [String: String] = [:]
        for (number, commands) in cases.enumerated() { files["case-\(number)"] = commands.text }
        let result = try Sandbox.run(
            """
            number=0
            while [ -f $DIR/case-$number ]; do
                unshare --net sh -c "sh $DIR/case-$number >/dev/null 2>&1; iptables-nft-save"
                echo NEXT
                number=$((number + 1))
            done
            """,
            files: files
        )
        let states = result.output.components(separatedBy: "NEXT\n").dropLast()
        #expect(states.count == cases.count)
        for (commands, state) in zip(cases, states) {
            let reading = ScriptReading.read(commands.source, names: Oracle.names)
            #expect(lines(ofStates: reading.outcomes[0]) == lines(state), "\(commands.text)")
        }
    }

    private func lines(ofStates outcome: ScriptOutcome) -> [String] {
        let texts = IPFamily.allCases.map {
            String(decoding: outcome.ruleset($0).text(names: Oracle.names), as: UTF8.self)
        }
        return lines(texts.joined(separator: "\n"))
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }
}

/// A script of the tests or the examples.
struct SampleScript: CustomTestStringConvertible {
    var name: String
    var text: String

    var source: SourceFile { SourceFile(name: name, text: text) }

    /// What its first line asks for.
    var shell: String { text.hasPrefix("#!/bin/bash") ? "bash" : "sh" }

    var testDescription: String { name }

    static let guide = read(folder.appending(path: "../../../Examples/guide.sh"))

    static let all: [SampleScript] =
        (((try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? [])
            .sorted()
            .map { read(folder.appending(path: $0)) }) + [guide]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Scripts"
    )

    private static func read(_ file: URL) -> SampleScript {
        SampleScript(
            name: file.lastPathComponent,
            text: (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        )
    }
}
