import Diagnostics

@testable import Shell

/// Knows the commands `run`, `take`, which shows what it reads, and `refuse`, which fails, and writes down their words.
struct RecordingRunner: ShellCommandRunner {
    var ran: [String] = []
    var passed: [String] = []
    var written: [String] = []

    mutating func run(_ invocation: ShellInvocation) -> ShellReply? {
        let name = invocation.words[0].knownString ?? ""
        guard ["run", "take", "refuse"].contains(name) else { return nil }
        var words = invocation.words.dropFirst().map { $0.shown.isEmpty ? "''" : $0.shown }
        if name == "take", let input = invocation.input { words.append(" < \(input.text.shown)") }
        ran.append(words.joined(separator: "|"))
        return ShellReply(.known(name == "refuse" ? 1 : 0))
    }

    mutating func pass(_ invocation: ShellInvocation) { passed.append(invocation.shown) }

    mutating func write(_ text: ShellText, to path: ShellText, by invocation: ShellInvocation) {
        written.append("\(path.shown): \(text.shown)")
    }

    static func outcomes(of text: String, limits: ShellScript.Limits = .init()) -> [ShellOutcome<
        RecordingRunner
    >] {
        let source = SourceFile(name: "script", text: text)
        return ShellScript(source).outcomes(limits: limits) { RecordingRunner() }.outcomes
    }
}
