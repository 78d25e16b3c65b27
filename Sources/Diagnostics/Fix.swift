/// What to do about a diagnostic: in words, and as edits of its source where an edit can do it.
package struct Fix: Hashable, Sendable {
    /// Puts a text in the place of a part of the source.
    package struct Edit: Hashable, Sendable {
        /// Nil until the diagnostic is made: the place that it is about.
        package let range: SourceRange?
        package let text: String

        package init(_ range: SourceRange?, _ text: String) {
            self.range = range
            self.text = text
        }

        package static func insertion(_ text: String, at offset: Int) -> Edit {
            Edit(SourceRange(offset, offset), text)
        }
    }

    /// How sure it is that the edited text says what was meant.
    package enum Safety: String, Sendable {
        /// The text could mean nothing else.
        case certain
        /// It is the nearest that is right; a person should look at it.
        case likely
    }

    /// A clause: `write tcp/80-90`.
    package let words: String
    /// Each choice mends the text by itself; none where no edit of this source can.
    package let choices: [[Edit]]
    package let safety: Safety

    package init(_ words: String, choices: [[Edit]] = [], safety: Safety = .likely) {
        self.words = words
        self.choices = choices
        self.safety = safety
    }

    package init(_ words: String, _ edits: [Edit], safety: Safety = .likely) {
        self.init(words, choices: [edits], safety: safety)
    }

    /// `write TEXT` in the place that the diagnostic is about.
    package static func write(_ text: String, safety: Safety = .likely) -> Fix {
        Fix("write \(text)", [Edit(nil, text)], safety: safety)
    }

    /// `write A, B or C`: one of them; nil for none.
    package static func write(anyOf texts: [String]) -> Fix? {
        guard let last = texts.last else { return nil }
        let others = texts.dropLast().joined(separator: ", ")
        return Fix(
            "write " + (others.isEmpty ? last : "\(others) or \(last)"),
            choices: texts.map { [Edit(nil, $0)] }
        )
    }

    /// The same with the place of edits that have none yet; without any place they are only words.
    package func placed(at range: SourceRange?) -> Fix {
        guard choices.joined().contains(where: { $0.range == nil }) else { return self }
        guard let range else { return Fix(words, safety: safety) }
        return Fix(
            words,
            choices: choices.map { $0.map { Edit($0.range ?? range, $0.text) } },
            safety: safety
        )
    }
}

/// Words alone are advice: what is to be done is not in the source.
extension Fix: ExpressibleByStringInterpolation {
    package init(stringLiteral words: String) { self.init(words) }
}

extension Fix: CustomStringConvertible {
    package var description: String { words }
}

extension SourceFile {
    /// The text after the edits of one choice; nil when two of them overlap or one is outside.
    package func applying(_ edits: [Fix.Edit]) -> SourceFile? {
        var (result, place): ([UInt8], Int) = ([], 0)
        let placed = edits.compactMap { edit in edit.range.map { (range: $0, text: edit.text) } }
        let ordered = placed.enumerated().sorted {
            ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
        }
        for (_, edit) in ordered {
            guard edit.range.start >= place, edit.range.end <= bytes.count else { return nil }
            result += bytes[place..<edit.range.start]
            result += Array(edit.text.utf8)
            place = edit.range.end
        }
        return SourceFile(name: name, bytes: result + bytes[place...])
    }
}
