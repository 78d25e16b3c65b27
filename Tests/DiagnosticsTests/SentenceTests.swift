import Testing

@testable import Diagnostics

@Suite struct SentenceTests {
    private static let hostile = [
        "a\u{1B}[31mb", "a\u{9B}31mb", "a\u{1B}]0;title\u{7}", "a\nwallwright: confirmed", "a\r\nb", "a\rb",
        "a\u{202E}b", "a\u{2066}b", "a\u{2028}b", "a\u{8}b", "a\u{7F}b", "a\u{0}b",
        "a\u{E0001}b", "a\u{85}b", "\u{1B}\u{301}x",
    ]

    static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0 == "\n" || !DisplayText.isUnsafe($0) }
    }

    @Test(arguments: hostile)
    func whatIsPutInIsOneHarmlessLine(_ name: String) {
        let sentence: Sentence = "cannot read \(name):\nnothing was changed"
        #expect(sentence.text.split(separator: "\n").count == 2)
        #expect(Self.isHarmless(sentence.text))
        #expect(sentence.text.hasPrefix("cannot read ") && sentence.text.hasSuffix(":\nnothing was changed"))
    }

    @Test(arguments: hostile)
    func nothingReachesATerminalAsItCame(_ name: String) {
        #expect(Self.isHarmless(DisplayText.output(of: name)))
        let painted = Ink.paint(DisplayText(name).text, "31")
        let output = DisplayText.output(of: "x \(painted)\(name)")
        #expect(output.hasPrefix("x \u{1B}[31m"))
        let rest = output.replacing("\u{1B}[31m", with: "").replacing("\u{1B}[0m", with: "")
        #expect(Self.isHarmless(rest))
    }

    @Test(arguments: hostile)
    func aProgramReadsTheSameOutOfJSON(_ name: String) throws {
        let quoted = JSONValue.quoted(name)
        #expect(Self.isHarmless(quoted))
        #expect(!quoted.contains("\u{FFFD}"))
    }

    @Test func coloursStandAsTheyAre() {
        let inner: Sentence = "\(Ink.paint("b", "1"))"
        let outer: Sentence = "a \(inner) \("c")\n"
        #expect(DisplayText.output(of: outer.text) == "a \u{1B}[1mb\u{1B}[0m c\n")
        #expect(DisplayText.output(of: Sentence(lines: "a\n\(inner)").text) == "a\n\u{1B}[1mb\u{1B}[0m")
    }
}
