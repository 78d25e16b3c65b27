import Foundation
import Testing

/// What the command line proposes is never less safe than what was typed.
@Suite struct SuggestionTests {
    /// Flags that pass over what keeps a host safe, or its owner in.
    private static let risky = ["--now", "--force", "--same-session", "--cut"]

    /// No slip of the pen becomes such a flag: every letter lost, doubled or swapped, at every command that has it.
    @Test(arguments: [
        ("apply", "now"), ("apply", "force"), ("apply", "cut"), ("rollback", "now"), ("rollback", "force"),
        ("restore", "force"), ("remove", "now"), ("confirm", "same-session"), ("save", "force"),
    ])
    func noSlipBecomesARiskyFlag(_ command: String, _ flag: String) async throws {
        let letters = Array(flag)
        var slips = Set<String>()
        for place in letters.indices {
            slips.insert(String(letters[..<place] + letters[(place + 1)...]))
            slips.insert(String(letters[...place] + letters[place...]))
            if place > 0 {
                var swapped = letters
                swapped.swapAt(place - 1, place)
                slips.insert(String(swapped))
            }
        }
        slips.remove(flag)
        for slip in slips.sorted() {
            for words in [[command, "--\(slip)"], [command, "--\(slip)", "--json"]] {
                let result = try Self.run(words)
                #expect(result.status == 2, "\(words): \(result)")
                let usage = result.text.components(separatedBy: "Usage:")[0]
                for flag in Self.risky {
                    #expect(!usage.contains("mean '\(flag)"), "\(words): \(result)")
                    #expect(!usage.contains("fix: \(flag)"), "\(words): \(result)")
                }
            }
        }
    }

    /// Where the program speaks of such a flag by itself, it says what it asks for, or to leave it out.
    @Test func riskyFlagsAreNotProposed() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources")
        let files = try #require(
            FileManager.default.enumerator(at: sources.standardizedFileURL, includingPropertiesForKeys: nil)
        )
        var found = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            for (number, line) in lines.enumerated() where !line.contains("//") && line.contains("\"") {
                guard ["--now", "--force", "--same-session"].contains(where: line.contains) else { continue }
                found += 1
                let around = lines[max(0, number - 2)...min(lines.count - 1, number + 2)].joined(
                    separator: " "
                )
                let isConditional =
                    ["console", "without", "leave", "mean '--"].contains(where: around.contains)
                    || around.contains("disable --now")
                #expect(isConditional, "\(file.lastPathComponent):\(number + 1): \(line)")
            }
        }
        #expect(found >= 8)
    }

    private static func run(_ words: [String]) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(filePath: TestHost.program)
        process.arguments = words
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
