package import Diagnostics

/// What a command reads from.
package struct ShellInput: Sendable {
    /// The text while nothing of it is read.
    private var whole: ShellText?
    /// The lines that are left once something is, the next one last.
    private var lines: [ShellText] = []
    /// Where the text stands in the script word for word, while nothing of it is read.
    package private(set) var range: SourceRange?

    init(_ text: ShellText, range: SourceRange? = nil) {
        whole = text
        self.range = range
    }

    /// All that is left.
    package var text: ShellText {
        if let whole { return whole }
        var text = ShellText()
        for line in lines.reversed() {
            text.append(line)
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    mutating func nextLine() -> ShellText? {
        if let whole {
            lines = whole.lines.reversed()
            (self.whole, range) = (nil, nil)
        }
        return lines.popLast()
    }

    mutating func rest() -> ShellText {
        defer { self = ShellInput(ShellText()) }
        return text
    }
}
