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
        var word: [UInt8] = []
        var wordStart: Int?
        var (isQuoted, isEscaped) = (false, false)
        func finish(at place: Int) throws(Refusal) {
            let range = SourceRange(wordStart ?? place, place)
            guard word.count <= longestWord else {
                throw Refusal("save.word.long", "a word is longer than \(longestWord) bytes", at: range)
            }
            guard words.count < mostWords else {
                throw Refusal("save.words.many", "the line has more than \(mostWords) words", at: range)
            }
            words.append(Word(word, range))
            word.removeAll(keepingCapacity: true)
            wordStart = nil
        }
        for place in start..<end {
            let byte = bytes[place]
            if isQuoted {
                if isEscaped || (byte != Ascii.backslash && byte != Ascii.quote) {
                    word.append(byte)
                    isEscaped = false
                } else if byte == Ascii.backslash {
                    isEscaped = true
                } else {
                    isQuoted = false
                    try finish(at: place + 1)
                }
            } else if byte == Ascii.quote {
                isQuoted = true
                wordStart = wordStart ?? place
            } else if byte == Ascii.space || byte == Ascii.tab || byte == Ascii.newline {
                if !word.isEmpty { try finish(at: place) }
            } else {
                word.append(byte)
                wordStart = wordStart ?? place
            }
        }
        if !word.isEmpty { try finish(at: end) }
        return words
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
