import Diagnostics
import Foundation
import Testing

@testable import Shell

/// A real shell runs the same scripts: its commands are ours, word for word.
@Suite(.enabled(if: Bash.isAvailable, "needs bash"), .serialized)
struct ShellFactTests {
    @Test func `the scripts of the table run in bash as in Wallwright`() throws {
        let scripts = ShellScriptTests.cases.map(\.script).filter {
            !$0.contains("sudo") && !$0.contains("\r") && !$0.contains("run $Z")
        }
        try compare(scripts)
    }

    @Test func `random scripts run in bash as in Wallwright`() throws {
        try compare(
            (0..<400).map { seed in
                var random = RandomScript(seed: seed)
                return random.script()
            }
        )
    }

    private func compare(_ scripts: [String]) throws {
        let theirs = try Bash.commands(of: scripts)
        for (script, expected) in zip(scripts, theirs) {
            let outcomes = RecordingRunner.outcomes(of: script)
            let ours = outcomes[0].runner.ran
            guard ours != expected || outcomes.count != 1 else { continue }
            let place = zip(ours, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let here = place ?? min(ours.count, expected.count)
            Issue.record(
                """
                command \(here): ours \(ours.dropFirst(here).first ?? "none"), \
                theirs \(expected.dropFirst(here).first ?? "none"), outcomes \(outcomes.count)
                \(script)
                """
            )
        }
    }
}

/// The shell, with commands that write down their words.
enum Bash {
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/bash") }

    private static let prologue = """
        write() {
            local word line= separator=
            for word in "$@"; do line="$line$separator${word:-''}"; separator='|'; done
            printf '%s\\0' "$line" >&9
        }
        run() { write "$@"; }
        take() { local text; text=$(command cat; echo .); text=${text%.}; write "$@" " < $text"; }
        refuse() { write "$@"; return 1; }
        export -f write run take refuse
        set -f

        """

    /// Runs each in a folder of its own.
    static func commands(of scripts: [String]) throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, script) in scripts.enumerated() {
            try (prologue + script).write(
                to: folder.appending(path: "\(number).sh"),
                atomically: true,
                encoding: .utf8
            )
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/bash")
        process.currentDirectoryURL = folder
        process.arguments = [
            "-c",
            """
            for ((n = 0; n < \(scripts.count); n++)); do
                mkdir $n; cd $n; timeout 5 bash ../$n.sh 9> ../$n.out > /dev/null 2>&1 < /dev/null; cd ..
            done
            """,
        ]
        process.environment = ["PATH": "/usr/bin:/bin"]
        try process.run()
        process.waitUntilExit()
        return try scripts.indices.map { number in
            let data = try Data(contentsOf: folder.appending(path: "\(number).out"))
            return data.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }
}
