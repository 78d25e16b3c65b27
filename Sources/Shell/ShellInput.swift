package import Diagnostics

/// What a command reads from.
package struct ShellInput: Sendable {
    /// The text while nothing of it is read.
    private var whole: ShellText?
    /// The lines that are left once something is, the next one last.
    private var lines: [ShellText] = []
    /// No newline stands behind the last line.
    private var isLastOpen = false
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
        for (number, line) in lines.reversed().enumerated() {
            text.append(line)
            if !isLastOpen || number + 1 < lines.count { text.append(UInt8(ascii: "\n")) }
        }
        return text
    }

    /// The next line, and whether a newline ends it; where nobody knows, it does.
    mutating func nextLine() -> (line: ShellText, isEnded: Bool)? {
        if let whole {
            lines = whole.lines.reversed()
            isLastOpen = whole.isLastLineOpen
            (self.whole, range) = (nil, nil)
        }
        guard let line = lines.popLast() else { return nil }
        return (line, !(lines.isEmpty && isLastOpen))
    }

    /// What stands before a byte.
    mutating func nextPart(to end: UInt8) -> (line: ShellText, isEnded: Bool)? {
        if end == UInt8(ascii: "\n") { return nextLine() }
        let all = text
        guard !all.isEmpty else { return nil }
        var (part, rest, isEnded) = (ShellText(), ShellText(), false)
        all.forEachPiece { byte, unknown in
            if !isEnded, byte == end {
                isEnded = true
            } else if let byte {
                if isEnded { rest.append(byte) } else { part.append(byte) }
            } else if let unknown {
                if isEnded { rest.append(unknown) } else { part.append(unknown) }
            }
        }
        self = ShellInput(rest)
        return (part, isEnded)
    }

    mutating func rest() -> ShellText {
        defer { self = ShellInput(ShellText()) }
        return text
    }
}
