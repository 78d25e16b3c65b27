import ArgumentParser
import Diagnostics

/// A command that answers programs: with `--json`, one JSON document on standard output, whatever came of it. The
/// documents are those of docs/answers.schema.json.
protocol JSONCommand: ParsableCommand {
    /// Whether a program asks.
    var json: Bool { get }
    /// The document that stands there when the command did nothing else than find this.
    static func document(of findings: [Diagnostic]) -> JSONValue
}

extension JSONCommand {
    static func document(of findings: [Diagnostic]) -> JSONValue {
        [JSONKey.findings: .array(findings.map(JSONRenderer.object))]
    }
}

enum JSONKey {
    /// Errors and warnings, as `check` prints them.
    static let findings = "findings"
}

/// What a failed command has said to a program.
enum JSONAnswer {
    /// Nothing: what it says to people is made into a document.
    case none
    case document(JSONValue)
    /// It stands on standard output already.
    case given
}

extension Terminal {
    /// A document, ended by a newline.
    func answer(_ document: JSONValue) { write(file: (document.prettyPrinted + "\n").utf8) }
}

extension ParsableCommand {
    /// What is printed for a program in place of a message to people; nil where people ask.
    static func document(of failure: Failure) -> JSONValue? {
        guard let command = self as? any JSONCommand.Type else { return nil }
        switch failure.answer {
        case .given: return nil
        case .document(let document): return document
        case .none: return command.document(of: failure.message.isEmpty ? [] : [failure.finding])
        }
    }
}

extension Failure {
    /// What it says, as a finding: the words, and what is to be done.
    var finding: Diagnostic {
        var (message, fix): ([Substring], [Substring]) = ([], [])
        for line in self.message.text.split(separator: "\n", omittingEmptySubsequences: true) {
            // How the command is written is for people.
            if line.hasPrefix("Help: ") || line.hasPrefix("Usage: ") { break }
            if let begin = Self.advice.first(where: { line.hasPrefix($0) }) {
                fix.append(line.dropFirst(begin.count))
            } else if fix.isEmpty {
                message.append(line)
            } else {
                fix.append(line.drop { $0 == " " })
            }
        }
        return Diagnostic(
            .error,
            code: status.code,
            message.joined(separator: "\n"),
            fix: fix.isEmpty ? nil : Fix(fix.joined(separator: "\n"))
        )
    }

    private static let advice = ["do: ", "fix: "]
}

extension ExitStatus {
    fileprivate var code: String {
        switch self {
        case .done, .refused: "command.refused"
        case .usage: "command.usage"
        case .notPermitted: "command.permission"
        case .systemFailed: "command.failed"
        }
    }
}
