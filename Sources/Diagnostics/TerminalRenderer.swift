/// Diagnostics for people: the message, the line with carets under the place, notes and the fix.
package struct TerminalRenderer {
    package let usesColour: Bool

    package init(usesColour: Bool) {
        self.usesColour = usesColour
    }

    /// Each diagnostic ends with a newline; a blank line stands between two.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n")
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        let head = paint(
            "\(diagnostic.severity.rawValue)[\(diagnostic.code)]",
            colour(of: diagnostic.severity)
        )
        var text = head + paint(": " + DisplayText(sentence: diagnostic.message).text, Self.bold) + "\n"
        let labels = (diagnostic.primary.map { [$0] } ?? []) + diagnostic.secondary
        let lines = labels.map { $0.source.position(of: $0.range.start).line }
        let gutter = String(lines.max() ?? 1).count
        for (index, label) in labels.enumerated() {
            let isPrimary = index == 0 && diagnostic.primary != nil
            let colour = isPrimary ? colour(of: diagnostic.severity) : Self.blue
            text += snippet(label, gutter: gutter, mark: isPrimary ? "^" : "-", colour: colour)
        }
        for note in diagnostic.notes {
            text += paint("note", Self.blue) + ": " + DisplayText(sentence: note).text + "\n"
        }
        if let fix = diagnostic.fix {
            // What is to be written may take more than one line; ours are not of the input.
            let lines = fix.words.split(separator: "\n", omittingEmptySubsequences: false)
            let shown = lines.map { DisplayText(sentence: String($0)).text }
            text += paint("fix", Self.green) + ": " + shown.joined(separator: "\n     ") + "\n"
        }
        return text
    }

    private func snippet(_ label: Diagnostic.Label, gutter: Int, mark: Character, colour: String) -> String {
        let position = label.source.position(of: label.range.start)
        let place = "\(DisplayText(label.source.name).text):\(position.line):\(position.column)"
        var text = String(repeating: " ", count: gutter) + paint("--> ", Self.blue) + place + "\n"
        let excerpt = Excerpt(label)
        let number = String(position.line)
        let padding = String(repeating: " ", count: gutter - number.count)
        text += paint("\(padding)\(number) |", Self.blue)
        text += excerpt.text.isEmpty ? "\n" : " \(excerpt.text)\n"
        let carets = String(repeating: mark, count: max(1, excerpt.markWidth))
        let message = label.message.isEmpty ? "" : " " + DisplayText(sentence: label.message).text
        text += paint(String(repeating: " ", count: gutter) + " |", Self.blue) + " "
        text += String(repeating: " ", count: excerpt.markStart) + paint(carets + message, colour) + "\n"
        return text
    }

    private static let bold = "1"
    private static let green = "1;32"
    private static let blue = "1;34"

    private func colour(of severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: "1;31"
        case .warning: "1;33"
        case .note: Self.blue
        }
    }

    private func paint(_ text: String, _ colour: String) -> String {
        usesColour ? Ink.paint(text, colour) : text
    }
}

/// The line of a place, cut to what fits on a screen, and where the marks stand below it.
private struct Excerpt {
    let text: String
    /// In columns of the terminal.
    let markStart: Int
    let markWidth: Int

    /// In bytes: what is shown of a long line on each side of the place.
    private static let reach = 80

    init(_ label: Diagnostic.Label) {
        let (bytes, place) = (label.source.bytes, label.range)
        let line = label.source.lineRange(of: place.start)
        let markEnd = min(max(place.end, place.start), line.end)
        let first =
            line.end - line.start <= 2 * Self.reach ? line.start : max(line.start, place.start - Self.reach)
        let last =
            line.end - line.start <= 2 * Self.reach ? line.end : min(line.end, place.start + Self.reach)
        func show(_ start: Int, _ end: Int) -> DisplayText {
            let start = min(max(start, first), last)
            // A cut must not go through a character.
            let cut = bytes[start..<min(max(end, start), last)]
            let shown = cut.drop { start > line.start && $0 & 0xC0 == 0x80 }
            return DisplayText(String(decoding: shown, as: UTF8.self))
        }
        let before = show(first, place.start)
        let (opening, closing) = (first > line.start ? "…" : "", last < line.end ? "…" : "")
        text = opening + show(first, last).text + closing
        markStart = before.width + opening.count
        markWidth = show(place.start, markEnd).width
    }
}
