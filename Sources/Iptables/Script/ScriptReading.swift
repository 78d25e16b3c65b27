package import Diagnostics
package import Shell

/// A script of firewall commands, followed without running anything: what each command does, and the rules after it.
///
/// What the script leaves open (an argument, a file of the host, the output of a program) is an assumption. Each
/// combination of assumptions is an outcome of its own, in which everything is exact; the first one is that where
/// every assumption holds.
package struct ScriptReading: Sendable {
    package let source: SourceFile
    /// At least one.
    package let outcomes: [ScriptOutcome]
    /// There are more outcomes than are looked at.
    package let hasMoreOutcomes: Bool
    /// What is wrong in the first outcome, and what is wrong whatever is assumed; notes tell what is not understood.
    package let diagnostics: [Diagnostic]

    /// Whether the text is a save file, by its first line that says something.
    package static func isSaveFile(_ source: SourceFile) -> Bool {
        for number in source.lineStarts.indices {
            let range = source.lineRange(of: source.lineStarts[number])
            let line = source.bytes[range.start..<range.end].drop(while: Ascii.isSpace)
            guard let first = line.first, first != Ascii.hash else { continue }
            return [Ascii.star, Ascii.colon, Ascii.bracket, Ascii.dash].contains(first)
                || line.elementsEqual("COMMIT".utf8)
        }
        return true
    }

    package static func read(
        _ source: SourceFile,
        names: NameDatabase,
        limits: ShellScript.Limits = ShellScript.Limits()
    ) -> ScriptReading {
        let script = ShellScript(source)
        let (found, isComplete) = script.outcomes(limits: limits) {
            FirewallRunner(source: source, names: names)
        }
        var collector = DiagnosticCollector()
        for (number, outcome) in found.enumerated() {
            for diagnostic in outcome.runner.diagnostics where number == 0 || !diagnostic.dependsOnState {
                collector.add(diagnostic.diagnostic)
            }
            for note in outcome.notes { collector.add(note.diagnostic(in: source)) }
        }
        if let error = script.error {
            collector.add(ShellNote(isError: true, error: error).diagnostic(in: source))
        }
        if !isComplete {
            collector.add(
                Diagnostic(
                    .warning,
                    code: "script.outcomes",
                    "the script leaves so much open that only \(found.count) of its outcomes are looked at"
                )
            )
        }
        return ScriptReading(
            source: source,
            outcomes: found.map { ScriptOutcome($0.runner, $0.assumptions) },
            hasMoreOutcomes: !isComplete,
            diagnostics: collector.sorted
        )
    }
}

/// Each diagnostic once, in the order of the script.
private struct DiagnosticCollector {
    private struct Key: Hashable {
        let code: String
        let message: String
        let range: SourceRange?
        let file: String?
    }

    private var seen: Set<Key> = []
    private var all: [Diagnostic] = []

    mutating func add(_ diagnostic: Diagnostic) {
        let primary = diagnostic.primary
        let key = Key(
            code: diagnostic.code,
            message: diagnostic.message,
            range: primary?.range,
            file: primary?.source.name
        )
        if seen.insert(key).inserted { all.append(diagnostic) }
    }

    var sorted: [Diagnostic] {
        all.enumerated().sorted {
            let (left, right) = ($0.element.primary?.range.start ?? 0, $1.element.primary?.range.start ?? 0)
            return (left, $0.offset) < (right, $1.offset)
        }.map(\.element)
    }
}

extension ShellNote {
    fileprivate func diagnostic(in source: SourceFile) -> Diagnostic {
        Diagnostic(
            isError ? .error : .warning,
            code: "script." + error.code,
            error.message,
            at: Diagnostic.Label(source, error.range),
            fix: error.fix
        )
    }
}
