/// Text as a terminal shows it: tabs are spaces, and nothing in it can move the cursor or turn the text around.
package struct DisplayText {
    package private(set) var text = ""
    /// In columns of the terminal.
    private(set) var width = 0

    package init(_ source: String) {
        // Nearly all text is of printable ASCII, a column each.
        if source.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            (text, width) = (source, source.utf8.count)
            return
        }
        for character in source { append(character) }
    }

    /// Text of several lines, each of which is shown by itself.
    package static func lines(of text: String) -> String {
        if Ink.isPlain(text) { return text }
        // By bytes: a carriage return and the end of a line are one character.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.map { line(of: String(Substring($0))) }.joined(separator: "\n")
    }

    /// What a terminal is given: the same, and our own colours as it knows them.
    package static func output(of text: String) -> String {
        if Ink.isPlain(text) { return text }
        return Ink.parts(of: text).map { colour, part in
            (colour.map { "\u{1B}[\($0)m" } ?? "") + lines(of: String(part))
        }.joined()
    }

    /// One line, with our own colours.
    package static func line(of text: String) -> String {
        Ink.parts(of: text).map { colour, part in
            let text = DisplayText(String(part)).text
            return colour.map { Ink.mark($0) + text } ?? text
        }.joined()
    }

    /// A message, note or fix; what it quotes of the input may be as long as the input.
    init(sentence: String) {
        self.init(String(sentence.prefix(Self.longestSentence)))
        if !sentence.dropFirst(Self.longestSentence).isEmpty { text += "…" }
    }

    /// In characters.
    private static let longestSentence = 1_000

    private static let tabWidth = 4

    private mutating func append(_ character: Character) {
        if character == "\t" {
            text += String(repeating: " ", count: Self.tabWidth)
            width += Self.tabWidth
        } else if let scalar = character.unicodeScalars.first(where: Self.isUnsafe) {
            text += Self.picture(of: scalar)
            width += 1
        } else {
            text.append(character)
            width += Self.width(of: character)
        }
    }

    /// Controls, and what changes the direction of text or is invisible (Unicode TR 36, section 2).
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        case .unassigned: scalar.properties.isNoncharacterCodePoint
        case .format: scalar != "\u{200D}"
        default: false
        }
    }

    /// The control pictures block has a sign for each control of ASCII.
    private static func picture(of scalar: Unicode.Scalar) -> String {
        let picture = scalar.value < 0x20 ? Unicode.Scalar(0x2400 + scalar.value) : nil
        return String(picture.map(Character.init) ?? "\u{FFFD}")
    }

    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.properties.generalCategory == .nonspacingMark { return 0 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The blocks whose characters take two columns (Unicode TR 11, East Asian Width W and F), in the large.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
