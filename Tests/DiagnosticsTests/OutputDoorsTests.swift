import Foundation
import Testing

/// What is said leaves the program by few doors, each of which shows what comes from outside and lets no terminal obey it.
/// Whoever writes to a terminal by another way fails here, and finds the door.
@Suite struct OutputDoorsTests {
    /// The doors: what they write is a `Sentence`, or went through `DisplayText`.
    private static let doors: Set<String> = ["wallwright/Terminal.swift", "Deployment/State/EventLog.swift"]

    /// Ways out. What a tool says on its own output is read by `ToolRun` from a result of the same name.
    private static let ways = [
        "STDOUT_FILENO", "STDERR_FILENO", "FileHandle", "fputs(", "fwrite(", "puts(", "perror(", "dprintf(",
        "vprintf(",
        "syslog(", "FileDescriptor.standardOutput", "FileDescriptor.standardError", "(.standardOutput",
        "(.standardError", "debugPrint(",
    ]
    /// Where they only ask whether a person sits there.
    private static let questions = "isatty("

    @Test func nobodyWritesToATerminalByAnotherWay() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(atPath: sources.path))
        var (count, found) = (0, Set<String>())
        for case let name as String in files where name.hasSuffix(".swift") {
            count += 1
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            let hasPrinter = text.contains("func print(")
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let code = line.drop { $0 == " " }
                if code.hasPrefix("//") || code.contains(Self.questions) { continue }
                let prints = !hasPrinter && code.contains(/(^|[ ({])print\(/) && !name.hasPrefix("Shell/")
                guard prints || Self.ways.contains(where: { code.contains($0) }) else { continue }
                found.insert(name)
                #expect(Self.doors.contains(name), "\(name):\(number + 1): \(code)")
            }
        }
        #expect(count > 500)
        #expect(found == Self.doors)
    }
}
