import Diagnostics

extension ShellParser {
    private static let declaringCommands: Set<String> = ["local", "declare", "export", "readonly", "typeset"]

    /// Assignments, words and redirections in any order, up to an operator or the end of the line.
    mutating func readSimpleCommand() throws(ShellError) -> ShellCommand {
        let start = at
        var lastEnd = at
        var simple = ShellSimpleCommand()
        var redirections: [ShellRedirection] = []
        var isDeclaring = false
        while true {
            skipBlanks()
            if let redirection = try readRedirection() {
                redirections.append(redirection)
            } else if simple.words.isEmpty || isDeclaring, let assignment = try readAssignment() {
                if simple.words.isEmpty {
                    simple.assignments.append(assignment)
                } else {
                    simple.declarations.append(assignment)
                }
            } else if let word = try readWord() {
                if simple.words.isEmpty, let name = word.literal {
                    isDeclaring = Self.declaringCommands.contains(String(decoding: name, as: UTF8.self))
                }
                simple.words.append(word)
            } else {
                break
            }
            lastEnd = at
        }
        guard lastEnd > start else { throw unexpected() }
        return ShellCommand(
            kind: .simple(simple),
            redirections: redirections,
            range: range(start, lastEnd)
        )
    }

    /// `name=value`, `name+=value`, `name[index]=value`, `name=(values)`
    private mutating func readAssignment() throws(ShellError) -> ShellAssignment? {
        guard let first = byte, Self.isNameStart(first) else { return nil }
        let (before, start) = (at, at)
        while let byte, Self.isNamePart(byte) { at += 1 }
        let name = text(start, at)
        var index: ShellWord?
        if byte == UInt8(ascii: "[") {
            guard let close = bytes[at..<end].prefix(200).firstIndex(of: UInt8(ascii: "]")),
                close + 1 < end,
                bytes[close + 1] == UInt8(ascii: "=") || bytes[close + 1] == UInt8(ascii: "+")
            else {
                at = before
                return nil
            }
            index = try readIndex(to: close)
        }
        let isAppending = has("+=")
        if isAppending { at += 1 }
        guard take("=") else {
            at = before
            return nil
        }
        let value: ShellAssignment.Value
        if take("(") {
            value = .list(try readElements())
        } else {
            value = .single(try readWord() ?? ShellWord(parts: [], range: range(at, at)))
        }
        return ShellAssignment(
            name: name,
            index: index,
            isAppending: isAppending,
            value: value,
            range: range(start, at)
        )
    }

    /// The word between brackets, which is stepped over.
    private mutating func readIndex(to close: Int) throws(ShellError) -> ShellWord {
        var inner = ShellParser(
            bytes,
            from: at + 1,
            to: close,
            hereDocuments: hereDocuments,
            range: fixedRange,
            depth: depth
        )
        let word = try inner.readWord() ?? ShellWord(parts: [], range: range(at, close))
        hereDocuments = inner.hereDocuments
        at = close + 1
        return word
    }

    private mutating func readElements() throws(ShellError) -> [(index: ShellWord?, value: ShellWord)] {
        var elements: [(index: ShellWord?, value: ShellWord)] = []
        while try skipToCommand(), byte != UInt8(ascii: ")") {
            var index: ShellWord?
            if byte == UInt8(ascii: "["),
                let close = bytes[at..<end].prefix(200).firstIndex(of: UInt8(ascii: "]")),
                close + 1 < end, bytes[close + 1] == UInt8(ascii: "=")
            {
                index = try readIndex(to: close)
                at += 1
                elements.append((index, try readWord() ?? ShellWord(parts: [], range: range(at, at))))
            } else {
                guard let word = try readWord() else { throw unexpected() }
                elements.append((nil, word))
            }
        }
        try expect(")")
        return elements
    }

    // MARK: Redirections

    mutating func readRedirection() throws(ShellError) -> ShellRedirection? {
        var place = at
        while place < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]), place < at + 3 {
            place += 1
        }
        guard place < end else { return nil }
        let number = place > at ? Int(text(at, place)) : nil
        let isBoth = number == nil && (has("&>") || has("&>>"))
        guard isBoth || bytes[place] == UInt8(ascii: "<") || bytes[place] == UInt8(ascii: ">") else {
            return nil
        }
        // `<( … )` is a word.
        if number == nil, !isBoth, place + 1 < end, bytes[place + 1] == UInt8(ascii: "(") { return nil }
        at = place
        if isBoth {
            at += 2
            let isAppending = take(">")
            return ShellRedirection(descriptor: nil, kind: .write(try target(), isAppending: isAppending))
        }
        if take("<<<") { return ShellRedirection(descriptor: number ?? 0, kind: .hereString(try target())) }
        if take("<<") { return ShellRedirection(descriptor: number ?? 0, kind: try readDelimiter()) }
        if take("<&") { return ShellRedirection(descriptor: number ?? 0, kind: .duplicate(try target())) }
        if take("<>") || take("<") {
            return ShellRedirection(descriptor: number ?? 0, kind: .read(try target()))
        }
        if take(">&") {
            let word = try target()
            // `>&file` is both of what is printed.
            if number == nil, let name = word.literal, name != [UInt8(ascii: "-")],
                !name.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            {
                return ShellRedirection(descriptor: nil, kind: .write(word, isAppending: false))
            }
            return ShellRedirection(descriptor: number ?? 1, kind: .duplicate(word))
        }
        if take(">>") {
            return ShellRedirection(descriptor: number ?? 1, kind: .write(try target(), isAppending: true))
        }
        at += 1
        _ = take("|")
        return ShellRedirection(descriptor: number ?? 1, kind: .write(try target(), isAppending: false))
    }

    private mutating func target() throws(ShellError) -> ShellWord {
        skipBlanks()
        guard let word = try readWord() else { throw unexpected() }
        return word
    }

    // MARK: Here-documents

    private mutating func readDelimiter() throws(ShellError) -> ShellRedirection.Kind {
        let stripsTabs = take("-")
        let word = try target()
        var (delimiter, isQuoted): ([UInt8], Bool) = ([], false)
        for part in word.parts {
            guard case .literal(let bytes, let quoted) = part else {
                throw ShellError("syntax", "the end of a here-document is a plain word", at: word.range)
            }
            delimiter += bytes
            isQuoted = isQuoted || quoted
        }
        let place = hereDocuments.count
        hereDocuments.append(
            ShellHereDocument(body: ShellWord(parts: [], range: word.range), range: word.range)
        )
        waiting.append((place, delimiter, isQuoted, stripsTabs))
        return .hereDocument(place)
    }

    /// Their texts, one after the other, from the beginning of a line.
    mutating func readWaitingDocuments() throws(ShellError) {
        let all = waiting
        waiting = []
        for document in all {
            let start = at
            var (text, bodyEnd): ([UInt8], Int) = ([], end)
            while at < end {
                let lineStart = at
                let lineEnd = bytes[at..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
                at = min(lineEnd + 1, end)
                var line = bytes[lineStart..<lineEnd]
                if document.stripsTabs { line = line.drop { $0 == UInt8(ascii: "\t") } }
                if line.elementsEqual(document.delimiter) {
                    bodyEnd = lineStart
                    break
                }
                text += line
                if lineEnd < end { text.append(UInt8(ascii: "\n")) }
            }
            let range = range(start, min(bodyEnd, end))
            var parts: [ShellWord.Part] = [.literal(text, isQuoted: true)]
            if !document.isQuoted,
                text.contains(where: {
                    $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "\\")
                })
            {
                var inner = ShellParser(text, hereDocuments: hereDocuments, range: range, depth: depth)
                parts = []
                try inner.readQuoted(&parts, until: nil, from: 0)
                hereDocuments = inner.hereDocuments
            }
            hereDocuments[document.place] = ShellHereDocument(
                body: ShellWord(parts: parts, range: range),
                range: range
            )
        }
    }
}
