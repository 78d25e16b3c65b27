import Diagnostics

/// Offers only edits that keep the promise of a fix: each was made and its outcome read.
///
/// What an edit is about must be gone, and nothing may be wrong in what it wrote. Errors elsewhere are allowed, because an
/// error can hide others. The guesses that stand behind fixes may be bold because of this.
enum ProvenFixes {
    /// A text is read once for each edit; what is beyond these stays as it was guessed.
    private static let most = (edits: 64, bytes: 64 << 10)

    static func kept(
        _ diagnostics: [Diagnostic],
        of source: SourceFile,
        read: (SourceFile) -> [Diagnostic]
    ) -> [Diagnostic] {
        guard diagnostics.hasErrors, source.bytes.count <= most.bytes else { return diagnostics }
        let before = counted(diagnostics)
        var left = most.edits
        return diagnostics.map { diagnostic in
            guard diagnostic.severity == .error, diagnostic.primary?.source.name == source.name,
                let choices = diagnostic.fix?.choices, choices.count <= left
            else { return diagnostic }
            left -= choices.count
            return diagnostic.keeping { edits in
                guard let edited = source.applying(edits) else { return false }
                let after = read(edited)
                let key = key(of: diagnostic)
                guard counted(after)[key, default: 0] < before[key, default: 0] else { return false }
                let written = written(edits)
                return !after.contains { error in
                    error.severity == .error && before[Self.key(of: error)] == nil
                        && error.primary.map { place in
                            place.source.name == source.name && written.contains { $0.overlaps(place.range) }
                        } ?? true
                }
            }
        }
    }

    /// Where the texts of edits stand afterwards.
    private static func written(_ edits: [Fix.Edit]) -> [SourceRange] {
        let ordered = edits.compactMap { edit in edit.range.map { (range: $0, text: edit.text) } }
            .sorted { $0.range.start < $1.range.start }
        var moved = 0
        return ordered.map { edit in
            let start = edit.range.start + moved
            moved += edit.text.utf8.count - (edit.range.end - edit.range.start)
            return SourceRange(start, start + edit.text.utf8.count)
        }
    }

    private static func counted(_ diagnostics: [Diagnostic]) -> [String: Int] {
        diagnostics.reduce(into: [:]) { if $1.severity == .error { $0[key(of: $1), default: 0] += 1 } }
    }

    /// Without the numbers of lines, which edits move.
    private static func key(of diagnostic: Diagnostic) -> String {
        "\(diagnostic.code) \(diagnostic.message.replacing(/line [0-9]+/, with: "line"))"
    }
}

extension SourceRange {
    fileprivate func overlaps(_ other: SourceRange) -> Bool { start < other.end && other.start < end }
}
