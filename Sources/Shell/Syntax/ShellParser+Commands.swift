import Diagnostics

extension ShellParser {
    private static let closingWords: Set<String> = ["then", "do", "done", "fi", "elif", "else", "esac", "}"]

    /// What ends a list of statements, if it stands here.
    func closingWord() -> String? {
        if byte == UInt8(ascii: ")") { return ")" }
        if has(";;") || has(";&") { return ";;" }
        return reservedWord().flatMap { Self.closingWords.contains($0) ? $0 : nil }
    }

    /// A word without quotes that may be one of the shell's own.
    func reservedWord() -> String? {
        var place = at
        while place < end, place - at < 9, case let byte = bytes[place],
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "{")
                || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "[")
                || byte == UInt8(ascii: "]")
        {
            place += 1
        }
        guard place > at, place == end || endsWord(bytes[place]) || Self.isLineJoin(bytes, place, end)
        else { return nil }
        return text(at, place)
    }

    private static func isLineJoin(_ bytes: [UInt8], _ place: Int, _ end: Int) -> Bool {
        bytes[place] == UInt8(ascii: "\\") && place + 1 < end && bytes[place + 1] == UInt8(ascii: "\n")
    }

    func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"),
            UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"):
            true
        case UInt8(ascii: "\r"): hasCarriageReturns
        default: false
        }
    }

    mutating func readCommand() throws(ShellError) -> ShellCommand {
        let start = at
        let kind: ShellCommand.Kind
        switch reservedWord() {
        case "if": kind = try readIf()
        case "while", "until": kind = try readLoop()
        case "for", "select": kind = try readFor()
        case "case": kind = try readCase()
        case "function":
            at += 8
            skipBlanks()
            let name = try readName("function")
            skipBlanks()
            if take("(") {
                skipBlanks()
                try expect(")")
            }
            kind = try readFunction(name)
        case "{":
            at += 1
            kind = .group(try readStatements())
            try expectWord("}")
        case "[[":
            at += 2
            kind = .test(try readTest())
            try expectWord("]]")
        default:
            if has("(("), let arithmetic = try readArithmeticCommand() {
                kind = .arithmetic(arithmetic)
            } else if take("(") {
                kind = .subshell(try readStatements())
                try expect(")")
            } else if let name = functionName() {
                kind = try readFunction(name)
            } else {
                return try readSimpleCommand()
            }
        }
        var command = ShellCommand(kind: kind, range: range(start, at))
        while true {
            skipBlanks()
            guard let redirection = try readRedirection() else { break }
            command.redirections.append(redirection)
        }
        return command
    }

    mutating func expect(_ text: String) throws(ShellError) {
        guard take(text) else {
            throw ShellError("syntax", "\(text) is missing here", at: range(min(at, max(end - 1, 0)), at + 1))
        }
    }

    private mutating func expectWord(_ word: String) throws(ShellError) {
        skipBlanks()
        let bytes = Array(word.utf8)
        guard at + bytes.count <= end, self.bytes[at..<at + bytes.count].elementsEqual(bytes) else {
            throw ShellError("syntax", "\(word) is missing here", at: range(min(at, max(end - 1, 0)), at + 1))
        }
        at += bytes.count
    }

    private mutating func readIf() throws(ShellError) -> ShellCommand.Kind {
        var branches: [ShellBranch] = []
        repeat {
            at += branches.isEmpty ? 2 : 4
            let condition = try readStatements()
            try expectWord("then")
            branches.append(ShellBranch(condition: condition, body: try readStatements()))
        } while reservedWord() == "elif"
        var otherwise: [ShellStatement]?
        if reservedWord() == "else" {
            at += 4
            otherwise = try readStatements()
        }
        try expectWord("fi")
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func readLoop() throws(ShellError) -> ShellCommand.Kind {
        let isUntil = has("until")
        at += 5
        let condition = try readStatements()
        return .loop(condition: condition, isUntil: isUntil, body: try readBody())
    }

    private mutating func readBody() throws(ShellError) -> [ShellStatement] {
        _ = try skipToCommand()
        if take("{") {
            let body = try readStatements()
            try expectWord("}")
            return body
        }
        try expectWord("do")
        let body = try readStatements()
        try expectWord("done")
        return body
    }

    private mutating func readFor() throws(ShellError) -> ShellCommand.Kind {
        let isSelect = has("select")
        at += isSelect ? 6 : 3
        skipBlanks()
        if !isSelect, take("((") { return try readCountedFor() }
        let name = try readName(isSelect ? "select" : "for")
        _ = try skipToCommand()
        var words: [ShellWord]?
        if reservedWord() == "in" {
            at += 2
            var found: [ShellWord] = []
            while true {
                skipBlanks()
                guard let word = try readWord() else { break }
                found.append(word)
            }
            words = found
        }
        skipBlanks()
        _ = take(";")
        let body = try readBody()
        return isSelect
            ? .select(name: name, words: words, body: body) : .forEach(name: name, words: words, body: body)
    }

    private mutating func readCountedFor() throws(ShellError) -> ShellCommand.Kind {
        var parts: [ShellWord] = []
        while parts.count < 3 {
            parts.append(try readArithmetic(until: parts.count < 2 ? ";" : "))"))
        }
        skipBlanks()
        _ = take(";")
        return .counted(start: parts[0], condition: parts[1], step: parts[2], body: try readBody())
    }

    private mutating func readCase() throws(ShellError) -> ShellCommand.Kind {
        at += 4
        skipBlanks()
        guard let word = try readWord() else { throw unexpected() }
        _ = try skipToCommand()
        try expectWord("in")
        var choices: [ShellChoice] = []
        while try skipToCommand(), reservedWord() != "esac" {
            _ = take("(")
            var patterns: [ShellWord] = []
            repeat {
                skipBlanks()
                guard let pattern = try readWord(asPattern: true) else { throw unexpected() }
                patterns.append(pattern)
                skipBlanks()
            } while take("|")
            try expect(")")
            let body = try readStatements()
            let end: ShellChoice.End =
                take(";;&") ? .goOn : take(";;") ? .leave : take(";&") ? .fallThrough : .leave
            choices.append(ShellChoice(patterns: patterns, body: body, end: end))
            if byte == UInt8(ascii: ")") { throw unexpected() }
            if let closing = closingWord(), closing != "esac" { throw unexpected() }
        }
        try expectWord("esac")
        return .choice(word, choices)
    }

    private mutating func readFunction(_ name: String) throws(ShellError) -> ShellCommand.Kind {
        _ = try skipToCommand()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw unexpected() }
        return .function(name: name, body: ShellFunction(body: try readCommand()))
    }

    /// `name ()`, which is stepped over, or nothing.
    private mutating func functionName() -> String? {
        var place = at
        while place < end, !endsWord(bytes[place]), !Self.isSpecial(bytes[place]) { place += 1 }
        guard place > at else { return nil }
        let name = text(at, place)
        while place < end, bytes[place] == UInt8(ascii: " ") { place += 1 }
        guard place < end, bytes[place] == UInt8(ascii: "(") else { return nil }
        place += 1
        while place < end, bytes[place] == UInt8(ascii: " ") { place += 1 }
        guard place < end, bytes[place] == UInt8(ascii: ")") else { return nil }
        at = place + 1
        return name
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "=")
    }

    /// A word that is a name and nothing else.
    private mutating func readName(_ owner: String) throws(ShellError) -> String {
        let start = at
        while let byte, !endsWord(byte), !Self.isSpecial(byte) { at += 1 }
        guard at > start else {
            throw ShellError("syntax", "\(owner) needs a name", at: range(start, start + 1))
        }
        return text(start, at)
    }
}
