import Diagnostics

/// Reads the statements of a script (POSIX.1-2017, Shell Command Language, and the common extras of bash).
struct ShellParser {
    let bytes: [UInt8]
    let end: Int
    var at: Int
    /// Text that does not stand in the script as it is (of `eval`, say) has one range for all.
    let fixedRange: SourceRange?
    /// Those whose text follows at the end of the line.
    var waiting: [(place: Int, delimiter: [UInt8], isQuoted: Bool, stripsTabs: Bool)] = []
    var hereDocuments: [ShellHereDocument]
    var depth: Int
    /// The lines end with CR LF; a shell takes the CR for a part of the word before it, and we do not.
    let hasCarriageReturns: Bool
    /// Where `((` turned out to be no arithmetic, so that it is not tried again.
    var noArithmetic: Set<Int> = []

    /// Commands within commands; deeper ones are refused, so that no script exhausts the stack.
    static let deepest = 40

    init(
        _ bytes: [UInt8],
        from start: Int = 0,
        to end: Int? = nil,
        hereDocuments: [ShellHereDocument] = [],
        range: SourceRange? = nil,
        depth: Int = 0,
        hasCarriageReturns: Bool = false
    ) {
        self.bytes = bytes
        self.end = end ?? bytes.count
        at = start
        self.hasCarriageReturns = hasCarriageReturns
        fixedRange = range
        self.hereDocuments = hereDocuments
        self.depth = depth
    }

    /// The statements up to the line with the first error: a shell runs what it has read before it sees one.
    mutating func readAll() -> (statements: [ShellStatement], error: ShellError?) {
        var statements: [ShellStatement] = []
        var inLine = 0
        do throws(ShellError) {
            while true {
                let before = at
                guard try skipToCommand() else { break }
                if bytes[before..<at].contains(UInt8(ascii: "\n")) { inLine = statements.count }
                if let closing = closingWord() {
                    throw ShellError(
                        "syntax",
                        "nothing is open that \(closing) could close",
                        at: range(at, at + 1)
                    )
                }
                statements.append(try readStatement())
            }
            try readWaitingDocuments()
        } catch {
            return (Array(statements[..<inLine]), error)
        }
        return (statements, nil)
    }

    // MARK: Bytes

    var byte: UInt8? { at < end ? bytes[at] : nil }

    func byte(after count: Int) -> UInt8? { at + count < end ? bytes[at + count] : nil }

    func has(_ text: String) -> Bool {
        let count = text.utf8.count
        return at + count <= end && bytes[at..<at + count].elementsEqual(text.utf8)
    }

    mutating func take(_ text: String) -> Bool {
        guard has(text) else { return false }
        at += text.utf8.count
        return true
    }

    func range(_ start: Int, _ end: Int) -> SourceRange { fixedRange ?? SourceRange(start, end) }

    func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// Blanks, and a line that goes on after a backslash.
    mutating func skipBlanks() {
        while let byte {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || (byte == 13 && hasCarriageReturns) {
                at += 1
            } else if byte == UInt8(ascii: "\\"), self.byte(after: 1) == UInt8(ascii: "\n") {
                at += 2
            } else {
                break
            }
        }
        if byte == UInt8(ascii: "#") {
            while let byte, byte != UInt8(ascii: "\n") { at += 1 }
        }
    }

    /// Blank lines and comments too, with the here-documents that follow a line. Whether anything is left.
    mutating func skipToCommand() throws(ShellError) -> Bool {
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\n") else { break }
            at += 1
            try readWaitingDocuments()
        }
        return at < end
    }

    // MARK: Statements

    /// Up to a word that closes what is open around them.
    mutating func readStatements() throws(ShellError) -> [ShellStatement] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw ShellError(
                "depth",
                "commands are nested more than \(Self.deepest) deep",
                at: range(at, at + 1)
            )
        }
        var statements: [ShellStatement] = []
        while try skipToCommand(), closingWord() == nil { statements.append(try readStatement()) }
        return statements
    }

    mutating func readStatement() throws(ShellError) -> ShellStatement {
        var statement = ShellStatement(first: try readPipeline())
        while true {
            skipBlanks()
            if take("&&") {
                _ = try skipToCommand()
                statement.rest.append((.and, try readPipeline()))
            } else if take("||") {
                _ = try skipToCommand()
                statement.rest.append((.or, try readPipeline()))
            } else {
                break
            }
        }
        if has(";;") || has(";&") { return statement }
        if take(";") { return statement }
        if take("&") {
            statement.isInBackground = true
            return statement
        }
        guard at < end, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ")"), closingWord() == nil else {
            return statement
        }
        throw unexpected()
    }

    private mutating func readPipeline() throws(ShellError) -> ShellPipeline {
        var pipeline = ShellPipeline(commands: [], range: range(at, at))
        let start = at
        while let word = reservedWord(), word == "!" || word == "time" {
            at += word.utf8.count
            if word == "!" { pipeline.isNegated.toggle() }
            skipBlanks()
        }
        repeat {
            _ = pipeline.commands.isEmpty ? false : try skipToCommand()
            pipeline.commands.append(try readCommand())
            skipBlanks()
        } while !has("||") && (take("|&") || take("|"))
        pipeline.range = range(start, pipeline.commands.last?.range.end ?? at)
        return pipeline
    }

    func unexpected() -> ShellError {
        guard let byte else {
            return ShellError(
                "syntax",
                "the script ends in the middle of a command",
                at: range(max(end - 1, 0), end)
            )
        }
        let shown =
            byte == UInt8(ascii: "\n") ? "the end of the line" : String(Character(Unicode.Scalar(byte)))
        return ShellError("syntax", "\(shown) is not expected here", at: range(at, at + 1))
    }
}
