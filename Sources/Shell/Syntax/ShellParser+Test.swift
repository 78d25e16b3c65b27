import Diagnostics

/// The inside of `[[ … ]]`, up to its end.
extension ShellParser {
    mutating func readTest() throws(ShellError) -> ShellTest {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw unexpected() }
        var test = try readTestTerm()
        while try skipToCommand(), has("||") {
            at += 2
            test = .or(test, try readTestTerm())
        }
        return test
    }

    private mutating func readTestTerm() throws(ShellError) -> ShellTest {
        var test = try readTestFactor()
        while try skipToCommand(), has("&&") {
            at += 2
            test = .and(test, try readTestFactor())
        }
        return test
    }

    private mutating func readTestFactor() throws(ShellError) -> ShellTest {
        _ = try skipToCommand()
        var isNegated = false
        while reservedWord() == "!" {
            at += 1
            isNegated.toggle()
            _ = try skipToCommand()
        }
        let test: ShellTest
        if take("(") {
            test = try readTest()
            try expect(")")
        } else {
            test = .words(try readTestWords())
        }
        return isNegated ? .not(test) : test
    }

    private mutating func readTestWords() throws(ShellError) -> [ShellWord] {
        var words: [ShellWord] = []
        while true {
            skipBlanks()
            if reservedWord() == "]]" || has("&&") || has("||") || byte == UInt8(ascii: "\n") { break }
            let start = at
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") {
                at += 1
                words.append(
                    ShellWord(parts: [.literal([bytes[start]], isQuoted: true)], range: range(start, at))
                )
            } else if words.last?.literal.map({ $0.elementsEqual("=~".utf8) }) ?? false {
                words.append(try readExpression())
            } else if let word = try readWord(asPattern: true) {
                words.append(word)
            } else {
                break
            }
        }
        guard !words.isEmpty else { throw unexpected() }
        return words
    }

    /// A regular expression, in which parentheses and bars stand for themselves.
    private mutating func readExpression() throws(ShellError) -> ShellWord {
        let start = at
        var parts: [ShellWord.Part] = []
        while let byte, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t"), byte != UInt8(ascii: "\n") {
            if endsWord(byte) {
                parts.append(.literal([byte], isQuoted: false))
                at += 1
            } else {
                try readPart(&parts)
            }
        }
        return ShellWord(parts: parts, range: range(start, at))
    }
}
