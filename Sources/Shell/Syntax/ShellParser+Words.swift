import Diagnostics

extension ShellParser {
    /// The word that begins here; nil at a blank or an operator. In a pattern `@( … )` and its like belong to the word.
    mutating func readWord(asPattern isPattern: Bool = false) throws(ShellError) -> ShellWord? {
        let start = at
        var parts: [ShellWord.Part] = []
        var groups = 0
        while let byte {
            if isPattern, groups > 0 || parts.last?.endsAsGroup == true, endsWord(byte),
                groups > 0 || byte == UInt8(ascii: "(")
            {
                if byte == UInt8(ascii: "(") { groups += 1 }
                if byte == UInt8(ascii: ")") { groups -= 1 }
                parts.append(.literal([byte], isQuoted: false))
                at += 1
                continue
            }
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">"),
                self.byte(after: 1) == UInt8(ascii: "("),
                parts.isEmpty
            {
                parts.append(try readProcessSubstitution())
            } else if endsWord(byte) {
                break
            } else {
                try readPart(&parts)
            }
        }
        guard at > start else { return nil }
        guard groups == 0 else { throw unclosed("(", start) }
        return ShellWord(parts: parts, range: range(start, at))
    }

    mutating func readPart(_ parts: inout [ShellWord.Part]) throws(ShellError) {
        let start = at
        switch byte {
        case UInt8(ascii: "'"):
            at += 1
            let inner = at
            while let byte, byte != UInt8(ascii: "'") { at += 1 }
            guard byte != nil else { throw unclosed("'", start) }
            parts.append(.literal(Array(bytes[inner..<at]), isQuoted: true))
            at += 1
        case UInt8(ascii: "\""):
            at += 1
            parts.append(.literal([], isQuoted: true))
            try readQuoted(&parts, until: UInt8(ascii: "\""), from: start)
            at += 1
        case UInt8(ascii: "\\"):
            at += 1
            guard let byte else {
                parts.append(.literal([UInt8(ascii: "\\")], isQuoted: false))
                return
            }
            at += 1
            if byte != UInt8(ascii: "\n") { parts.append(.literal([byte], isQuoted: true)) }
        case UInt8(ascii: "$"), UInt8(ascii: "`"):
            if has("$'") {
                parts.append(.literal(try readAnsiText(), isQuoted: true))
            } else if has("$\"") {
                at += 1
            } else {
                parts.append(try readExpansion(isQuoted: false))
            }
        default:
            while let byte, !endsWord(byte), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\""),
                byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "$"), byte != UInt8(ascii: "`")
            {
                at += 1
            }
            parts.append(.literal(Array(bytes[start..<at]), isQuoted: false))
        }
    }

    func unclosed(_ what: String, _ start: Int) -> ShellError {
        ShellError("syntax.open", "the \(what) is not closed", at: range(start, start + 1))
    }

    /// The inside of double quotes (then `stop` ends it) or of a here-document.
    mutating func readQuoted(
        _ parts: inout [ShellWord.Part],
        until stop: UInt8?,
        from start: Int
    ) throws(ShellError) {
        var literal: [UInt8] = []
        func flush(_ parts: inout [ShellWord.Part]) {
            if !literal.isEmpty { parts.append(.literal(literal, isQuoted: true)) }
            literal = []
        }
        while let byte, byte != stop {
            if byte == UInt8(ascii: "\\"), let next = self.byte(after: 1) {
                at += 2
                switch next {
                case UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "\\"): literal.append(next)
                case UInt8(ascii: "\n"): break
                case stop: literal.append(next)
                default: literal += [byte, next]
                }
            } else if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") {
                flush(&parts)
                parts.append(try readExpansion(isQuoted: true))
            } else {
                literal.append(byte)
                at += 1
            }
        }
        if stop != nil, byte == nil { throw unclosed("\"", start) }
        flush(&parts)
    }

    /// `$'…'`
    private mutating func readAnsiText() throws(ShellError) -> [UInt8] {
        let start = at
        at += 2
        var text: [UInt8] = []
        while let byte, byte != UInt8(ascii: "'") {
            at += 1
            guard byte == UInt8(ascii: "\\"), let next = self.byte else {
                text.append(byte)
                continue
            }
            text.append(next)
            at += 1
            if next != UInt8(ascii: "'") {
                text.removeLast()
                text += EscapeSequences.ansi(bytes, after: next, at: &at, end: end)
            }
        }
        guard byte != nil else { throw unclosed("'", start) }
        at += 1
        return text
    }

    /// What begins with `$` or a backtick.
    private mutating func readExpansion(isQuoted: Bool) throws(ShellError) -> ShellWord.Part {
        let start = at
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw ShellError(
                "depth",
                "expansions are nested more than \(Self.deepest) deep",
                at: range(at, at + 1)
            )
        }
        if byte == UInt8(ascii: "`") { return try readBackticks(isQuoted) }
        if has("$(("), !noArithmetic.contains(at) {
            let (before, documents) = (self, waiting.count)
            at += 3
            do throws(ShellError) {
                let inner = try readArithmetic(until: "))")
                return .arithmetic(inner, name: text(start, at), isQuoted: isQuoted)
            } catch {
                // Perhaps a command in a subshell: `$((a; b) | c)`.
                guard waiting.count == documents else { throw error }
                returnFromArithmetic(before)
            }
        }
        if take("$(") {
            let statements = try readStatements()
            try expect(")")
            return .command(statements, name: text(start, at), isQuoted: isQuoted)
        }
        if has("${") { return .parameter(try readBraces(isQuoted: isQuoted), isQuoted: isQuoted) }
        at += 1
        guard let first = byte else { return .literal([UInt8(ascii: "$")], isQuoted: isQuoted) }
        if Self.isNameStart(first) {
            while let byte, Self.isNamePart(byte) { at += 1 }
        } else if Self.isSpecialParameter(first) {
            at += 1
        } else {
            return .literal([UInt8(ascii: "$")], isQuoted: isQuoted)
        }
        return .parameter(
            ShellParameter(name: text(start + 1, at), shown: text(start, at)),
            isQuoted: isQuoted
        )
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isSpecialParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "@"), UInt8(ascii: "*"), UInt8(ascii: "#"),
            UInt8(ascii: "?"), UInt8(ascii: "-"), UInt8(ascii: "$"), UInt8(ascii: "!"):
            true
        default: false
        }
    }

    private mutating func readBackticks(_ isQuoted: Bool) throws(ShellError) -> ShellWord.Part {
        let start = at
        at += 1
        var (inner, hasEscapes): ([UInt8], Bool) = ([], false)
        while let byte, byte != UInt8(ascii: "`") {
            if byte == UInt8(ascii: "\\"), let next = self.byte(after: 1),
                next == UInt8(ascii: "`") || next == UInt8(ascii: "\\") || next == UInt8(ascii: "$")
            {
                hasEscapes = true
                inner.append(next)
                at += 2
            } else {
                inner.append(byte)
                at += 1
            }
        }
        guard byte != nil else { throw unclosed("`", start) }
        at += 1
        var parser =
            hasEscapes
            ? ShellParser(inner, hereDocuments: hereDocuments, range: range(start, at), depth: depth)
            : ShellParser(
                bytes,
                from: start + 1,
                to: at - 1,
                hereDocuments: hereDocuments,
                range: fixedRange,
                depth: depth
            )
        let (statements, error) = parser.readAll()
        hereDocuments = parser.hereDocuments
        if let error { throw error }
        return .command(statements, name: text(start, at), isQuoted: isQuoted)
    }

    private mutating func readProcessSubstitution() throws(ShellError) -> ShellWord.Part {
        let start = at
        let isRead = byte == UInt8(ascii: "<")
        at += 2
        let statements = try readStatements()
        try expect(")")
        return isRead ? .process(statements, name: text(start, at)) : .unknown(text(start, at))
    }

    /// The text up to the end, with the expansions in it.
    mutating func readArithmetic(until stop: String) throws(ShellError) -> ShellWord {
        let start = at
        var (parts, open): ([ShellWord.Part], Int) = ([], 0)
        while at < end, open > 0 || !has(stop) {
            let literalStart = at
            while let byte, byte != UInt8(ascii: "$"), byte != UInt8(ascii: "`"), open > 0 || !has(stop) {
                if byte == UInt8(ascii: "(") { open += 1 }
                if byte == UInt8(ascii: ")") { open -= 1 }
                guard open >= 0 else { throw unclosed("((", start) }
                at += 1
            }
            if at > literalStart {
                // Quotes say nothing here.
                let literal = bytes[literalStart..<at].filter { $0 != UInt8(ascii: "\"") }
                parts.append(.literal(literal, isQuoted: true))
            }
            if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") {
                parts.append(try readExpansion(isQuoted: true))
            }
        }
        let word = ShellWord(parts: parts, range: range(start, at))
        guard take(stop) else { throw unclosed("((", start) }
        return word
    }

    /// `(( … ))`, or nothing when it turns out to be a subshell in a subshell.
    mutating func readArithmeticCommand() throws(ShellError) -> ShellWord? {
        guard !noArithmetic.contains(at) else { return nil }
        let before = self
        at += 2
        do throws(ShellError) {
            return try readArithmetic(until: "))")
        } catch {
            returnFromArithmetic(before)
            return nil
        }
    }

    private mutating func returnFromArithmetic(_ before: ShellParser) {
        let known = noArithmetic
        self = before
        noArithmetic = known.union([at])
    }
}

extension ShellWord.Part {
    /// A parenthesis behind it begins a group of a pattern.
    fileprivate var endsAsGroup: Bool {
        guard case .literal(let bytes, false) = self, let last = bytes.last else { return false }
        return GlobPattern.groupMarks.contains(last)
    }
}
