/// Diagnostics for programs; the keys are stable.
package enum JSONRenderer {
    /// An array with one object for each diagnostic, ended by a newline.
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        JSONValue.array(diagnostics.map(object)).prettyPrinted + "\n"
    }

    /// `code`, `severity`, `message`, the place, `labels`, `notes`, `fix`, `edits`; what is absent is null or empty.
    package static func object(_ diagnostic: Diagnostic) -> JSONValue {
        .object(
            [
                .init("code", .string(diagnostic.code)),
                .init("severity", .string(diagnostic.severity.rawValue)),
                .init("message", .string(diagnostic.message)),
            ] + place(diagnostic.primary) + [
                .init("labels", .array(labels(diagnostic).map(label))),
                .init("notes", .array(diagnostic.notes.map(JSONValue.string))),
            ] + fix(diagnostic)
        )
    }

    /// The words, and the edits of the file: a list for each choice, none where an edit does not help.
    private static func fix(_ diagnostic: Diagnostic) -> [JSONValue.Member] {
        guard let fix = diagnostic.fix else {
            return [.init("fix", .null), .init("fixSafety", .null), .init("edits", [])]
        }
        let choices = fix.choices.map { edits in
            JSONValue.array(
                edits.map { edit in
                    let label = diagnostic.primary.flatMap { primary in
                        edit.range.map { Diagnostic.Label(primary.source, $0) }
                    }
                    return .object(place(label) + [.init("text", .string(edit.text))])
                }
            )
        }
        return [
            .init("fix", .string(fix.words)),
            .init("fixSafety", choices.isEmpty ? .null : .string(fix.safety.rawValue)),
            .init("edits", .array(choices)),
        ]
    }

    private static func labels(_ diagnostic: Diagnostic) -> [Diagnostic.Label] {
        let primary = diagnostic.primary.map { $0.message.isEmpty ? [] : [$0] } ?? []
        return primary + diagnostic.secondary
    }

    private static func label(_ label: Diagnostic.Label) -> JSONValue {
        .object([.init("message", .string(label.message))] + place(label))
    }

    /// Lines and columns count from 1, columns in characters; the end is excluded.
    private static func place(_ label: Diagnostic.Label?) -> [JSONValue.Member] {
        guard let label else {
            return ["file", "line", "column", "endLine", "endColumn"].map { .init($0, .null) }
        }
        let (start, end) = (
            label.source.position(of: label.range.start), label.source.position(of: label.range.end)
        )
        return [
            .init("file", .string(label.source.name)),
            .init("line", .integer(start.line)),
            .init("column", .integer(start.column)),
            .init("endLine", .integer(end.line)),
            .init("endColumn", .integer(end.column)),
        ]
    }
}
