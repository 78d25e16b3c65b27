package import Diagnostics
package import Shell

/// A script of firewall commands, followed without running anything: what each command does, and the rules after it.
///
/// What the script leaves open (an argument, a file of the host, the output of a program) is an assumption. Each
/// combination of assumptions is an outcome of its own, in which everything is exact; the first one is that with the most
/// rules of which everything is known.
package struct ScriptReading: Sendable {
    package let source: SourceFile
    /// At least one.
    package let outcomes: [ScriptOutcome]
    /// There are more outcomes than are looked at.
    package let hasMoreOutcomes: Bool
    /// What is wrong in the first outcome, and what is wrong whatever is assumed; notes tell what is not understood.
    package let diagnostics: [Diagnostic]
    /// The script was followed to its end: its errors are those of commands that fail, as they would for a shell.
    package let isWhole: Bool

    /// Something in it is a command of a firewall, whatever is assumed; what cannot be followed may have some.
    package var isOfFirewall: Bool {
        hasMoreOutcomes || diagnostics.contains { $0.severity == .error && $0.code.hasPrefix("iptables.") }
            || outcomes.contains { outcome in
                outcome.commands.contains { command in
                    switch command.kind {
                    case .rules, .ipset, .foreign: true
                    case .setting, .unknown: false
                    }
                }
            }
    }

    /// Whether the text is a save file, by its first line that says something.
    package static func isSaveFile(_ source: SourceFile) -> Bool {
        if source.bytes.starts(with: "#!".utf8) { return false }
        for number in source.lineStarts.indices {
            let range = source.lineRange(of: source.lineStarts[number])
            let line = source.bytes[range.start..<range.end].drop(while: Ascii.isSpace)
            guard let first = line.first, first != Ascii.hash else { continue }
            let second = line.dropFirst().first
            return switch first {
            case Ascii.star, Ascii.dash: true
            // `:INPUT DROP`, `[12:840] -A INPUT`; a shell has `: ${X:=y}` and `[ -f x ]`.
            case Ascii.colon: second.map { !Ascii.isSpace($0) } ?? false
            case Ascii.bracket: second.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
            default: line.elementsEqual("COMMIT".utf8)
            }
        }
        return true
    }

    package static func read(
        _ source: SourceFile,
        names: NameDatabase,
        limits: ShellScript.Limits = ShellScript.Limits()
    ) -> ScriptReading {
        let reading = asWritten(source, names: names, limits: limits)
        let diagnostics = Lookalike.explain(
            reading.diagnostics,
            in: source,
            code: "iptables.letter",
            longDash: "--"
        ) { asWritten($0, names: names, limits: limits).diagnostics }
        return ScriptReading(
            source: source,
            outcomes: reading.outcomes,
            hasMoreOutcomes: reading.hasMoreOutcomes,
            diagnostics: diagnostics,
            isWhole: reading.isWhole
        )
    }

    private static func asWritten(
        _ source: SourceFile,
        names: NameDatabase,
        limits: ShellScript.Limits
    ) -> ScriptReading {
        let script = ShellScript(source)
        let (outcomes, isComplete) = script.outcomes(limits: limits) {
            FirewallRunner(source: source, names: names)
        }
        let found = ranked(outcomes)
        var collector = DiagnosticCollector()
        for (number, outcome) in found.enumerated() {
            for diagnostic in outcome.runner.diagnostics where number == 0 || !diagnostic.dependsOnState {
                collector.add(diagnostic.diagnostic.explainingComment, program: diagnostic.program)
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
            diagnostics: collector.sorted,
            isWhole: script.error == nil && found.first?.notes.contains { $0.isError } != true
        )
    }

    /// Those that make more rules first: one that only stops or clears a firewall tells less.
    private static func ranked(_ outcomes: [ShellOutcome<FirewallRunner>]) -> [ShellOutcome<FirewallRunner>] {
        let counts = outcomes.map { $0.runner.rulesets.values.reduce(0) { $0 + $1.knownRuleCount } }
        let order = outcomes.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        return order.map { outcomes[$0] }
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
    /// What is not understood, in the order of the script, each with its places in the list.
    private var programs: [(name: String, places: [Int])] = []
    private var all: [Diagnostic] = []

    mutating func add(_ diagnostic: Diagnostic, program: String? = nil) {
        let primary = diagnostic.primary
        let key = Key(
            code: diagnostic.code,
            message: diagnostic.message,
            range: primary?.range,
            file: primary?.source.name
        )
        guard seen.insert(key).inserted else { return }
        all.append(diagnostic)
        guard let program else { return }
        if let known = programs.firstIndex(where: { $0.name == program }) {
            programs[known].places.append(all.count - 1)
        } else {
            programs.append((program, [all.count - 1]))
        }
    }

    /// One note for all programs, at the first of them: `curl (3, 9), jq (12)`.
    private var withProgramsJoined: [Diagnostic] {
        let places = programs.flatMap(\.places)
        guard let first = places.min() else { return all }
        let names = programs.map { program in
            let lines = program.places.compactMap { place in
                all[place].primary.map { $0.source.lineNumber(of: $0.range.start) }
            }
            return "\(program.name) (\(lines.map(String.init).joined(separator: ", ")))"
        }
        let others = Set(places.filter { $0 != first })
        return all.indices.filter { !others.contains($0) }.map { place in
            guard place == first else { return all[place] }
            return Diagnostic(
                .note,
                code: all[first].code,
                "programs taken to leave the rules alone: " + names.joined(separator: ", "),
                at: all[first].primary
            )
        }
    }

    /// What is said again and again is said at its first places, with the lines of the others.
    private static func gathered(_ all: [Diagnostic]) -> [Diagnostic] {
        var places: [String: [Int]] = [:]
        for (number, diagnostic) in all.enumerated() {
            places["\(diagnostic.severity) \(diagnostic.code) \(diagnostic.message)", default: []].append(
                number
            )
        }
        var kept = all
        var dropped: Set<Int> = []
        for same in places.values {
            // Of a note once is enough.
            let most = all[same[0]].severity == .note ? 1 : mostAlike
            guard same.count > most else { continue }
            let rest = same[most...]
            dropped.formUnion(rest)
            let lines = rest.compactMap { number in
                all[number].primary.map { "\($0.source.lineNumber(of: $0.range.start))" }
            }
            kept[same[most - 1]].notes.append("the same at line \(lines.joined(separator: ", "))")
        }
        return kept.indices.filter { !dropped.contains($0) }.map { kept[$0] }
    }

    private static let mostAlike = 3

    var sorted: [Diagnostic] {
        Self.gathered(withProgramsJoined).enumerated().sorted {
            let (left, right) = ($0.element.primary?.range.start ?? 0, $1.element.primary?.range.start ?? 0)
            return (left, $0.offset) < (right, $1.offset)
        }.map(\.element)
    }
}

extension Diagnostic {
    /// An option whose word a `#` begins has none: the rest of the line is a comment.
    fileprivate var explainingComment: Diagnostic {
        guard code == "iptables.command.argument.missing", let primary else { return self }
        let line = primary.source.lineRange(of: primary.range.end)
        let rest = primary.source.bytes[primary.range.end..<max(primary.range.end, line.end)]
        guard rest.drop(while: Ascii.isSpace).first == Ascii.hash, rest.first.map(Ascii.isSpace) == true
        else {
            return self
        }
        return Diagnostic(
            severity,
            code: code,
            "\(message), and # begins a comment: the rest of the line is not read",
            at: primary,
            also: secondary,
            notes: notes,
            fix: "write the word without #, or put it in quotes"
        )
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
