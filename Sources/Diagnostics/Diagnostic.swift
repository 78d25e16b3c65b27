/// Something to tell a person about their input, with its place.
package struct Diagnostic: Sendable, Error {
    package enum Severity: String, Comparable, Sendable, Codable {
        case note
        case warning
        case error

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }

        package static func < (left: Severity, right: Severity) -> Bool {
            left.rank < right.rank
        }
    }

    /// A part of a source, and what is to be said there.
    package struct Label: Sendable {
        package let source: SourceFile
        package let range: SourceRange
        package let message: String

        package init(_ source: SourceFile, _ range: SourceRange, _ message: String = "") {
            self.source = source
            self.range = range
            self.message = message
        }
    }

    /// Dotted and stable: `policy.port.range`.
    package let code: String
    package let severity: Severity
    /// One clause, lower case, no full stop.
    package let message: String
    /// The place that the message is about; nil when there is none (an empty machine, a missing tool).
    package let primary: Label?
    /// Other places that matter.
    package let secondary: [Label]
    package var notes: [String]
    /// What to do about it; its edits are of the source of the primary place.
    package private(set) var fix: Fix?

    package init(
        _ severity: Severity = .error,
        code: String,
        _ message: String,
        at primary: Label? = nil,
        also secondary: [Label] = [],
        notes: [String] = [],
        fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.primary = primary
        self.secondary = secondary
        self.notes = notes
        self.fix = fix?.placed(at: primary?.range)
    }

    /// The same with those choices of its fix alone that hold, and without a fix of which none does.
    package func keeping(_ holds: (_ edits: [Fix.Edit]) -> Bool) -> Diagnostic {
        guard let fix, !fix.choices.isEmpty else { return self }
        var kept = self
        let choices = fix.choices.filter(holds)
        kept.fix = choices.isEmpty ? nil : Fix(fix.words, choices: choices, safety: fix.safety)
        return kept
    }
}

extension [Diagnostic] {
    package var hasErrors: Bool { contains { $0.severity == .error } }
}
