/// Colours within a text, which become those of a terminal where it is written.
///
/// What a terminal takes for commands never stands in a text: nobody could tell ours from those that came from outside. A
/// colour is marked by a key instead that this process made up at random, of code points that no text may have.
package enum Ink {
    private static let key: String = {
        var random = SystemRandomNumberGenerator()
        let scalars = (0..<16).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0xFDD0...0xFDEF, using: &random))
        }
        return String(String.UnicodeScalarView(scalars))
    }()

    /// The text in a colour, by the number that ECMA-48 gives it (SGR).
    package static func paint(_ text: String, _ colour: String) -> String {
        "\(mark(colour))\(text)\(mark("0"))"
    }

    static func mark(_ colour: some StringProtocol) -> String { "\(key)\(colour)m" }

    /// The parts of a text: the colour that begins there, if one does, and what follows.
    static func parts(of text: String) -> [(colour: Substring?, text: Substring)] {
        let pieces = text.split(separator: key, omittingEmptySubsequences: false)
        return pieces.enumerated().map { index, piece in
            guard index > 0, let end = piece.firstIndex(of: "m") else { return (nil, piece) }
            return (piece[..<end], piece[end...].dropFirst())
        }
    }

    /// Whether it may have colours: nothing else does that has only such bytes.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == UInt8(ascii: "\n") }
    }
}
