extension SourceFile {
    /// Edits are made one after the other; a text with more mistakes than these is another kind of text.
    private static let mostRounds = 64

    /// The text after every fix of an error that leaves no choice, and what is still to be said of it.
    package func fixed(read: (SourceFile) -> [Diagnostic]) -> (text: SourceFile, diagnostics: [Diagnostic]) {
        var (text, diagnostics) = (self, read(self))
        for _ in 0..<Self.mostRounds {
            let errors = diagnostics.filter { $0.severity == .error }
            var next: (SourceFile, [Diagnostic])?
            for error in errors {
                guard let choices = error.fix?.choices, choices.count == 1,
                    error.primary?.source.name == name, let edited = text.applying(choices[0])
                else { continue }
                let after = read(edited)
                // A file that was no YAML may have other errors once it is read.
                let isBetter = after.count { $0.severity == .error } < errors.count || errors.count == 1
                guard isBetter, edited.bytes != text.bytes else { continue }
                next = (edited, after)
                break
            }
            guard let next else { break }
            (text, diagnostics) = next
        }
        return (text, diagnostics)
    }
}
