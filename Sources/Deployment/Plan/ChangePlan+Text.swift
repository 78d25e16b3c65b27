import Policy

/// A line of a plan on a terminal.
package struct PlanLine: Hashable, Sendable {
    /// Of the sentence that the line is a part of; the first word of its first line is this, too.
    package var kind: PlanSentence.Kind
    /// Without an end of line.
    package var text: String
}

extension ChangePlan {
    /// The plan for a terminal, see ``PlanSentence/lines(_:)``.
    package var lines: [PlanLine] { PlanSentence.lines(sentences) }

    /// ``lines``, each ended by a newline.
    package var text: String { lines.map { $0.text + "\n" }.joined() }
}

extension PlanSentence {
    /// So many sentences of one kind are shown; programs get all of them.
    private static var mostShown: Int { 40 }
    /// Texts beyond this do not move the column of places.
    private static var widestText: Int { 64 }

    /// Sentences for a terminal, in columns: kind, direction, text, place; advice stands below.
    package static func lines(_ sentences: [PlanSentence]) -> [PlanLine] {
        var shown: [PlanSentence.Kind: Int] = [:]
        var lines: [PlanLine] = []
        let width =
            sentences.filter { $0.place != nil }.map(\.text.count).filter { $0 <= Self.widestText }
            .max() ?? 0
        for sentence in sentences {
            shown[sentence.kind, default: 0] += 1
            guard shown[sentence.kind, default: 0] <= mostShown else { continue }
            lines += Self.lines(sentence, width)
        }
        for kind in Kind.allCases {
            let more = (shown[kind] ?? 0) - mostShown
            guard more > 0, let last = lines.lastIndex(where: { $0.kind == kind }) else { continue }
            let line = PlanLine(kind: kind, text: head(kind.rawValue, "") + "and \(more) more")
            lines.insert(line, at: last + 1)
        }
        return lines
    }

    private static func lines(_ sentence: PlanSentence, _ width: Int) -> [PlanLine] {
        var text = head(sentence.kind.rawValue, sentence.direction?.rawValue ?? "") + sentence.text
        if let place = sentence.place {
            let padding = max(0, width - sentence.text.count)
            text += String(repeating: " ", count: padding) + "  \(place)"
        }
        return [PlanLine(kind: sentence.kind, text: text.printable)]
            + sentence.advice.map { PlanLine(kind: sentence.kind, text: head("", "") + $0.printable) }
    }

    private static func head(_ kind: String, _ direction: String) -> String {
        kind.padding(to: 9) + direction.padding(to: 10)
    }
}

extension String {
    /// Names of programs and titles of lines may hold anything; nothing in them can move the cursor or turn the text
    /// around (Unicode TR 36, section 2).
    fileprivate var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
