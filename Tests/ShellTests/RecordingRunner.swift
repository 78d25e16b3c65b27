import Diagnostics

@testable import Shell

/// Knows the one command `run`, and writes down the words of each.
struct RecordingRunner: ShellCommandRunner {
    var ran: [String] = []
    var passed: [String] = []
    var written: [String] = []

    mutating func run(_ invocation: ShellInvocation) -> ShellReply? {
        guard invocation.words[0].knownString == "run" || invocation.words[0].knownString == "refuse" else { return nil }
        let words = invocation.words.dropFirst().map { $0.shown.isEmpty ? "''" : $0.shown }
        let input = invocation.input.map { " < \($0.shown)" } ?? ""
        ran.append(words.joined(separator: "|") + input)
        return ShellReply(.known(invocation.words[0].knownString == "run" ? 0 : 1))
    }

    mutating func pass(_ invocation: ShellInvocation) { passed.append(invocation.shown) }

    mutating func write(_ text: ShellText, to path: ShellText, by invocation: ShellInvocation) {
        written.append("\(path.shown): \(text.shown)")
    }

    static func outcomes(of text: String, limits: ShellScript.Limits = .init()) -> [ShellOutcome<RecordingRunner>] {
        let source = SourceFile(name: "script", text: text)
        return ShellScript(source).outcomes(limits: limits) { RecordingRunner() }.outcomes
    }
}
