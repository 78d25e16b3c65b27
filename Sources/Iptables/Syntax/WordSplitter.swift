import Diagnostics

/// Splits a line into words as iptables-restore does (measured on 1.8.9).
///
/// Blanks and the end of the line end a word. Between double quotes a backslash takes the next byte as it is;
/// outside of quotes it is a byte like any other. A closing quote ends the word at once, so `a"b"c` is two words.
enum WordSplitter {
    /// In bytes; the tool says "Parameter too long!".
    static let longestWord = 1_023
    /// The tool has 255 places and needs three of them itself.
    static let mostWords = 251

    /// The words of `bytes[start..<end]`; `end` is after the end of the line, which an open quote takes in.
    static func words(_ bytes: [UInt8], _ start: Int, _ end: Int) throws(Refusal) -> [Word] {
        var words: [Word] = []
        words.reserveCapacity(24)
        var place = start
        while place < end {
            if isBlank(bytes[place]) {
                place += 1
                continue
            }
            let range = SourceRange(place, endOfWord(bytes, place, end))
            let word = unquoted(bytes, range)
            place = range.end
            // A quote that opens at the very end opens no word.
            if word.isEmpty, range.end - range.start < 2 || bytes[range.end - 1] != Ascii.quote { continue }
            guard word.count <= longestWord else {
                throw Refusal("save.word.long", "a word is longer than \(longestWord) bytes", at: range)
            }
            guard words.count < mostWords else {
                throw Refusal("save.words.many", "the line has more than \(mostWords) words", at: range)
            }
            words.append(Word(word, range))
        }
        return words
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == Ascii.space || byte == Ascii.tab || byte == Ascii.newline
    }

    /// After its closing quote, at the next blank, or at the end.
    private static func endOfWord(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var place = start
        while place < end, bytes[place] != Ascii.quote {
            if isBlank(bytes[place]) { return place }
            place += 1
        }
        place += 1
        while place < end, bytes[place] != Ascii.quote {
            place += bytes[place] == Ascii.backslash ? 2 : 1
        }
        return min(place + 1, end)
    }

    private static func unquoted(_ bytes: [UInt8], _ range: SourceRange) -> [UInt8] {
        let written = bytes[range.start..<range.end]
        guard let quote = written.firstIndex(of: Ascii.quote) else { return Array(written) }
        var word = Array(written[..<quote])
        var isEscaped = false
        for byte in written[(quote + 1)...] {
            if isEscaped || (byte != Ascii.backslash && byte != Ascii.quote) {
                word.append(byte)
                isEscaped = false
            } else {
                isEscaped = byte == Ascii.backslash
            }
        }
        return word
    }
}

/// The bytes that the syntax of save files knows.
enum Ascii {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let hash = UInt8(ascii: "#")
    static let star = UInt8(ascii: "*")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let slash = UInt8(ascii: "/")
    static let bar = UInt8(ascii: "|")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let dot = UInt8(ascii: ".")
    static let exclamation = UInt8(ascii: "!")
    static let bracket = UInt8(ascii: "[")
    static let closingBracket = UInt8(ascii: "]")

    /// isspace(3) of the C locale.
    static func isSpace(_ byte: UInt8) -> Bool { byte == space || (9...13).contains(byte) }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
