import Foundation
import Testing

/// A command of a document and what it prints.
struct ConsoleBlock: Sendable, CustomTestStringConvertible {
    /// What the line before the block says of where its commands run.
    enum Place: String, CaseIterable {
        /// `<!-- root -->`: as root, in a shell of its own.
        case root = "<!-- root -->"
        /// `<!-- host -->`: on the host of the document, whose commands run one after another.
        case host = "<!-- host -->"
        /// `<!-- host, second login -->`: there, from a session that began just now.
        case secondLogin = "<!-- host, second login -->"
        /// `<!-- host, terminal -->`: there, in a terminal where a person types what stands behind a prompt.
        case terminal = "<!-- host, terminal -->"

        var isHost: Bool {
            switch self {
            case .root: false
            case .host, .secondLogin, .terminal: true
            }
        }
    }

    /// The document, from the root of the repository.
    let document: String
    /// The line of the command, from 1.
    let line: Int
    let command: String
    let output: String
    /// Nil for what anybody may run.
    let place: Place?

    var testDescription: String { "\(document):\(line) \(command)" }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL

    /// The blocks that begin with three backquotes and `console`; each `$ ` starts a command.
    static func all(in document: String, text: String) -> [ConsoleBlock] {
        var blocks: [ConsoleBlock] = []
        var lines = text.components(separatedBy: "\n")[...]
        var previous = ""
        while let first = lines.first {
            let place = Place(rawValue: previous)
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
                        place: place
                    )
                )
            }
        }
        return blocks
    }

    /// Writes another output into the document.
    func record(_ observed: String) throws {
        let url = Self.root.appending(path: document)
        let text = try String(contentsOf: url, encoding: .utf8)
        // The same command may stand there again with another output.
        let ends = ["```", "$ "]
        for end in ends {
            let before = "$ \(command)\n\(output)\(end)"
            guard text.contains(before) else { continue }
            let after = "$ \(command)\n\(observed)\(end)"
            return try text.replacing(before, with: after, maxReplacements: 1)
                .write(to: url, atomically: true, encoding: .utf8)
        }
    }
}
