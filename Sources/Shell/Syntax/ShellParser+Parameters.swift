import Diagnostics

extension ShellParser {
    /// `${…}`
    mutating func readBraces(isQuoted: Bool) throws(ShellError) -> ShellParameter {
        let start = at
        at += 2
        var parameter = ShellParameter(name: "", shown: "")
        if byte == UInt8(ascii: "#"), let next = byte(after: 1),
            Self.isNamePart(next) || (Self.isSpecialParameter(next) && byte(after: 2) == UInt8(ascii: "}"))
        {
            parameter.isLength = true
            at += 1
        } else if byte == UInt8(ascii: "!"), let next = byte(after: 1), Self.isNamePart(next) {
            parameter.isIndirect = true
            at += 1
        }
        let nameStart = at
        if let first = byte, Self.isNamePart(first) {
            while let byte, Self.isNamePart(byte) { at += 1 }
        } else if let first = byte, Self.isSpecialParameter(first) {
            at += 1
        } else {
            throw ShellError("syntax", "a name is missing between the braces", at: range(start, at + 1))
        }
        parameter.name = text(nameStart, at)
        if take("[") {
            if has("@]") || has("*]") {
                parameter.index = .all(isJoined: has("*"))
                at += 2
            } else {
                parameter.index = .one(try readInner(until: UInt8(ascii: "]"), from: start))
                at += 1
            }
        }
        parameter.operation = try readOperation(from: start, isQuoted)
        guard take("}") else { throw unclosed("${", start) }
        parameter.shown = text(start, at)
        return parameter
    }

    private mutating func readOperation(
        from start: Int,
        _ isQuoted: Bool
    ) throws(ShellError) -> ShellParameter.Operation? {
        guard let byte, byte != UInt8(ascii: "}") else { return nil }
        let close = UInt8(ascii: "}")
        let withColon = has(":-") || has(":=") || has(":?") || has(":+")
        let letter = withColon ? self.byte(after: 1) ?? 0 : byte
        switch letter {
        case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "+"):
            at += withColon ? 2 : 1
            let word = try readInner(until: close, from: start, isQuoted: isQuoted)
            return .instead(letter, alsoWhenEmpty: withColon, word)
        case UInt8(ascii: "#"), UInt8(ascii: "%"):
            at += 1
            let isLongest = self.byte == letter
            if isLongest { at += 1 }
            let pattern = try readInner(until: close, from: start)
            return .trim(fromEnd: letter == UInt8(ascii: "%"), isLongest: isLongest, pattern)
        case UInt8(ascii: "/"):
            at += 1
            let isGlobal = take("/")
            var anchor: UInt8?
            if !isGlobal, let next = self.byte, next == UInt8(ascii: "#") || next == UInt8(ascii: "%") {
                anchor = next
                at += 1
            }
            let pattern = try readInner(until: close, or: UInt8(ascii: "/"), from: start)
            let text =
                take("/")
                ? try readInner(until: close, from: start) : ShellWord(parts: [], range: range(at, at))
            return .replace(pattern, with: text, isGlobal: isGlobal, anchor: anchor)
        case UInt8(ascii: ":"):
            at += 1
            let from = try readInner(until: close, or: UInt8(ascii: ":"), from: start)
            let length = take(":") ? try readInner(until: close, from: start) : nil
            return .part(from: from, length: length)
        case UInt8(ascii: "^"), UInt8(ascii: ","):
            at += 1
            let isAll = self.byte == letter
            if isAll { at += 1 }
            if self.byte == close { return .recase(isUpper: letter == UInt8(ascii: "^"), isAll: isAll) }
        default: break
        }
        _ = try readInner(until: close, from: start)
        return .other
    }

    /// A word within braces or brackets: blanks belong to it, and within double quotes a single quote does too.
    private mutating func readInner(
        until stop: UInt8,
        or other: UInt8? = nil,
        from start: Int,
        isQuoted: Bool = false
    ) throws(ShellError) -> ShellWord {
        let begin = at
        var parts: [ShellWord.Part] = []
        var literalStart = at
        func flush(_ parser: ShellParser, _ parts: inout [ShellWord.Part]) {
            guard parser.at > literalStart else { return }
            parts.append(.literal(Array(parser.bytes[literalStart..<parser.at]), isQuoted: false))
        }
        while let byte, byte != stop, byte != other {
            switch byte {
            case UInt8(ascii: "'") where isQuoted: at += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"),
                UInt8(ascii: "`"):
                flush(self, &parts)
                try readPart(&parts)
                literalStart = at
            default: at += 1
            }
        }
        guard byte != nil else { throw unclosed("${", start) }
        flush(self, &parts)
        return ShellWord(parts: parts, range: range(begin, at))
    }
}
