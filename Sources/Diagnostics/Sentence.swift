/// What is said to a person. What is written in the source stands as it is, line breaks too; what is put in between comes from
/// outside, and is shown on one line and without anything that a terminal would obey.
package struct Sentence: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    package private(set) var text: String

    package init(stringLiteral text: String) {
        self.text = text
    }

    package init(stringInterpolation parts: Interpolation) {
        text = parts.text
    }

    /// Text that may have several lines, of a tool or of an error: each line by itself is harmless.
    package init(lines text: String) {
        self.text = DisplayText.lines(of: text)
    }

    package var description: String { text }
    package var isEmpty: Bool { text.isEmpty }

    package static func + (left: Sentence, right: Sentence) -> Sentence {
        var sum = left
        sum += right
        return sum
    }

    package static func += (left: inout Sentence, right: Sentence) { left.text += right.text }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity * 2)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        package mutating func appendInterpolation(_ sentence: Sentence) { text += sentence.text }

        /// What errors say may have lines of its own, with what is to be done.
        package mutating func appendInterpolation(_ error: some Error) {
            text += DisplayText.lines(of: "\(error)")
        }

        package mutating func appendInterpolation(_ value: some Any) {
            text += DisplayText.line(of: "\(value)")
        }
    }
}

extension Sequence<Sentence> {
    package func joined() -> Sentence { reduce(into: "") { $0 += $1 } }
}
