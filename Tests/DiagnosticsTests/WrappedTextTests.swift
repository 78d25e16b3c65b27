import Diagnostics
import Testing

@Suite struct WrappedTextTests {
    /// No line is longer than the screen, nothing but blanks is lost, and words stay whole.
    @Test(arguments: [40, 60, 80, 120]) func wordsStayWhole(_ width: Int) {
        let words = (1...400).map { String(repeating: "w", count: $0 * 7 % 30 + 1) }
        for head in ["", "  kernel     ", "allows   inbound   ", "note: ", "do: "] {
            for count in stride(from: 1, to: words.count, by: 13) {
                let line = head + words.prefix(count).joined(separator: " ")
                let rows = WrappedText(width: width).text(line).split(separator: "\n")
                #expect(rows.allSatisfy { $0.count <= width })
                let found = rows.joined(separator: " ").split(separator: " ")
                #expect(found == line.split(separator: " "))
            }
        }
    }

    @Test func whatFollowsStandsBelowItsColumn() {
        let text = WrappedText(width: 50).text(
            "  kernel     does not hold what was applied, and somebody should look\n"
        )
        #expect(
            text == """
                  kernel     does not hold what was applied, and
                             somebody should look

                """
        )
        let note = WrappedText(width: 40).text("note: a sentence that is somewhat longer than the screen")
        #expect(note == "note: a sentence that is somewhat longer\n      than the screen")
    }

    /// Colours take no room, and what is copied or points at columns is not broken.
    @Test func coloursAndCommandsStay() {
        let red = "\u{1B}[1;31m" + String(repeating: "a ", count: 19) + "a\u{1B}[0m"
        #expect(WrappedText(width: 40).text(red) == red)
        let long = String(repeating: "x ", count: 40)
        for line in ["do: sudo wallwright apply \(long)", "12 | \(long)", "   |  \(long)^^^"] {
            #expect(WrappedText(width: 40).text(line) == line)
        }
    }
}
