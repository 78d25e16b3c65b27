import Foundation
import Testing

/// A command of a document and what it prints.
struct ConsoleBlock: Sendable, CustomTestStringConvertible {
    /// The document, from the root of the repository.
    let document: String
    /// The line of the command, from 1.
    let line: Int
    let command: String
    let output: String
    /// The line before the block says that the command needs root.
    let needsRoot: Bool

    var testDescription: String { "\(document):\(line) \(command)" }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL

    /// The blocks that begin with three backquotes and `console`; each `$ ` starts a command.
    static func all(in document: String, text: String) -> [ConsoleBlock] {
        var blocks: [ConsoleBlock] = []
        var lines = text.components(separatedBy: "\n")[...]
        var previous = ""
        while let first = lines.first {
            let needsRoot = previous == "<!-- root -->"
            previous = first
            lines = lines.dropFirst()
            guard first == "```console" else { continue }
            while let command = lines.first, command.hasPrefix("$ ") {
                let start = lines.startIndex + 1
                lines = lines.dropFirst()
                let output = lines.prefix { !$0.hasPrefix("$ ") && $0 != "```" }
                lines = lines.dropFirst(output.count)
                blocks.append(
                    ConsoleBlock(
                        document: document,
                        line: start,
                        command: String(command.dropFirst(2)),
                        output: output.map { $0 + "\n" }.joined(),
                        needsRoot: needsRoot
                    )
                )
            }
        }
        return blocks
    }
}
