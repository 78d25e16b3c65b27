import Diagnostics

extension Refusal {
    /// The place is the one that it knows, else the range without the end of its line.
    func diagnostic(
        in source: SourceFile,
        _ range: SourceRange,
        severity: Diagnostic.Severity = .error
    ) -> Diagnostic {
        let word = placeOfWord(in: self.range ?? range, of: source)
        let place = word ?? self.range ?? range
        // Without the place of the word an edit would take the place of more than is wrong.
        let fix = self.word != nil && word == nil ? fix.map { Fix($0.words) } : fix
        let end = min(place.end, max(place.start + 1, source.lineRange(of: place.start).end))
        let label = Diagnostic.Label(source, SourceRange(place.start, end))
        return Diagnostic(severity, code: "iptables." + code, message, at: label, fix: fix)
    }

    /// Where the word is that it is about; it may come after the place that is known.
    private func placeOfWord(in range: SourceRange, of source: SourceFile) -> SourceRange? {
        // Places in what a script pipes into a tool are not places of the script.
        guard let word = word.map({ Array($0.utf8) }), !word.isEmpty, range.start < source.bytes.count else {
            return nil
        }
        let line = source.bytes[range.start..<max(range.start, source.lineRange(of: range.start).end)]
        let isEnd = { (place: Int) in
            !line.indices.contains(place) || Ascii.isSpace(line[place]) || line[place] == Ascii.colon
        }
        let isHere = { (place: Int) in
            line[place...].starts(with: word) && isEnd(place - 1) && isEnd(place + word.count)
        }
        let place = isLastWord ? line.indices.last(where: isHere) : line.indices.first(where: isHere)
        return place.map { SourceRange($0, $0 + word.count) }
    }
}
