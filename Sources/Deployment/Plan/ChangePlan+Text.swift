import Policy

/// A line of a plan on a terminal.
package struct PlanLine: Hashable, Sendable {
    /// Of the sentence that the line is a part of; the first word of its first line is this, too.
    package var kind: PlanSentence.Kind
    /// Without an end of line.
    package var text: String
}

extension ChangePlan {
    /// So many sentences of one kind are shown; programs get all of them.
    private static var mostShown: Int { 40 }
    /// Texts beyond this do not move the column of places.
    private static var widestText: Int { 64 }

    /// The plan for a terminal, in columns: kind, direction, text, place; advice stands below.
    package var lines: [PlanLine] {
        var shown: [PlanSentence.Kind: Int] = [:]
        var lines: [PlanLine] = []
        let width =
            sentences.filter { $0.place != nil }.map(\.text.count).filter { $0 <= Self.widestText }
            .max() ?? 0
        for sentence in sentences {
            shown[sentence.kind, default: 0] += 1
            guard shown[sentence.kind, default: 0] <= Self.mostShown else { continue }
            lines += Self.lines(sentence, width)
        }
        for kind in PlanSentence.Kind.allCases {
            let more = (shown[kind] ?? 0) - Self.mostShown
            guard more > 0, let last = lines.lastIndex(where: { $0.kind == kind }) else { continue }
            let line = PlanLine(kind: kind, text: Self.head(kind.rawValue, "") + "and \(more) more")
            lines.insert(line, at: last + 1)
        }
        return lines
    }

    /// ``lines``, each ended by a newline.
    package var text: String { lines.map { $0.text + "\n" }.joined() }

    private static func lines(_ sentence: PlanSentence, _ width: Int) -> [PlanLine] {
        var text = head(sentence.kind.rawValue, sentence.direction?.rawValue ?? "") + sentence.text
        if let place = sentence.place {
            let padding = max(0, width - sentence.text.count)
            text += String(repeating: " ", count: padding) + "  \(place)"
        }
        return [PlanLine(kind: sentence.kind, text: text)]
            + sentence.advice.map { PlanLine(kind: sentence.kind, text: head("", "") + $0) }
    }

    private static func head(_ kind: String, _ direction: String) -> String {
        kind.padding(to: 9) + direction.padding(to: 10)
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
