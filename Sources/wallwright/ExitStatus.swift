import ArgumentParser
import Diagnostics

/// How a command ends, for scripts.
enum ExitStatus: Int32 {
    case done = 0
    /// Findings, or a policy that was refused.
    case refused = 1
    /// The command line makes no sense.
    case usage = 2
    /// Only root may do this.
    case notPermitted = 3
    /// The kernel, or a tool that was asked, failed.
    case systemFailed = 4

    var exitCode: ExitCode { ExitCode(rawValue) }
}

extension Sentence {
    /// What an error says, which may have several lines; a word of the command line in it has one.
    init(said text: String) {
        let strange = CommandLine.arguments.filter { $0.utf8.contains(UInt8(ascii: "\n")) }
        self.init(
            lines: strange.reduce(text) { $0.replacing($1, with: DisplayText.line(of: $1)) }
        )
    }
}

/// The end of a command that did not do what it was asked.
struct Failure: Error {
    var status: ExitStatus
    /// What went wrong and what to do; empty when it was said already.
    var message: Sentence

    /// What a program is told, where one asks.
    var answer: JSONAnswer

    /// What the person typed may still stand on the line.
    private let isOnNewLine: Bool

    init(
        _ status: ExitStatus,
        _ message: Sentence = "",
        onNewLine: Bool = false,
        answer: JSONAnswer = .none
    ) {
        self.status = status
        self.message = message
        self.answer = answer
        isOnNewLine = onNewLine
    }

    func report() {
        guard !message.isEmpty else { return }
        if isOnNewLine { Terminal.error.write("\n") }
        Terminal.error.write("wallwright: \(message)\n")
    }
}
