extension AwkRule {
    /// The rules of a program; nil when a part of it is not known.
    static func read(_ program: [UInt8]) -> [AwkRule]? {
        var parser = AwkParser(bytes: program)
        return parser.rules()
    }
}

private struct AwkParser {
    let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipBlanks() { while let byte, byte == 32 || byte == 9 || byte == 10 { at += 1 } }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[at...].starts(with: text.utf8) else { return false }
        at += text.utf8.count
        skipBlanks()
        return true
    }

    mutating func rules() -> [AwkRule]? {
        var rules: [AwkRule] = []
        skipBlanks()
        while byte != nil {
            var rule = AwkRule()
            if byte != UInt8(ascii: "{") {
                repeat {
                    guard let test = test() else { return nil }
                    rule.tests.append(test)
                } while take("&&")
            }
            if take("{") {
                guard let actions = actions() else { return nil }
                rule.actions = actions
            } else {
                rule.actions = [.print([AwkValue(parts: [.field(0)])])]
            }
            rules.append(rule)
            while take(";") {}
        }
        return rules.isEmpty ? nil : rules
    }

    private mutating func test() -> (test: AwkRule.Test, isNegated: Bool)? {
        let isNegated = take("!")
        if byte == UInt8(ascii: "/") {
            return expression().map { (.matches(AwkValue(parts: [.field(0)]), $0), isNegated) }
        }
        guard !isNegated, let part = part() else { return nil }
        if case .fieldCount = part { return (.equals(AwkValue(parts: [part]), [UInt8(ascii: "0")]), true) }
        if case .lineNumber = part {
            for operation in ["==", "!=", ">=", "<=", ">", "<"] where take(operation) {
                return number().map { (.line(operation, $0), false) }
            }
            return nil
        }
        let value = AwkValue(parts: [part])
        for (operation, isNegated) in [("==", false), ("!=", true)] where take(operation) {
            guard byte == UInt8(ascii: "\""), let text = string() else { return nil }
            return (.equals(value, text), isNegated)
        }
        for (operation, isNegated) in [("~", false), ("!~", true)] where take(operation) {
            return expression().map { (.matches(value, $0), isNegated) }
        }
        return nil
    }

    private mutating func actions() -> [AwkRule.Action]? {
        var actions: [AwkRule.Action] = []
        while !take("}") {
            if take(";") { continue }
            if take("print") {
                guard let values = values() else { return nil }
                actions.append(.print(values))
            } else if take("exit") {
                actions.append(.leave)
            } else if take("next") {
                actions.append(.next)
            } else {
                return nil
            }
            guard byte == UInt8(ascii: ";") || byte == UInt8(ascii: "}") else { return nil }
        }
        return actions
    }

    private mutating func values() -> [AwkValue]? {
        var values: [AwkValue] = []
        while byte != UInt8(ascii: ";"), byte != UInt8(ascii: "}") {
            var value = AwkValue(parts: [])
            while let part = part() { value.parts.append(part) }
            guard !value.parts.isEmpty else { return nil }
            values.append(value)
            guard take(",") else { break }
        }
        return values.isEmpty ? [AwkValue(parts: [.field(0)])] : values
    }

    private mutating func part() -> AwkValue.Part? {
        switch byte {
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "$"):
            at += 1
            if take("NF") { return .lastField }
            return number().map { .field($0) }
        default:
            if take("NR") { return .lineNumber }
            return take("NF") ? .fieldCount : nil
        }
    }

    private mutating func number() -> Int? {
        let start = at
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        let value = Int(String(decoding: bytes[start..<at], as: UTF8.self))
        skipBlanks()
        return value
    }

    private mutating func string() -> [UInt8]? {
        at += 1
        let start = at
        while let byte, byte != UInt8(ascii: "\"") {
            at += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard byte != nil else { return nil }
        let text = EscapeSequences.expanded(ShellText(Array(bytes[start..<at]))).bytes
        at += 1
        skipBlanks()
        return text
    }

    private mutating func expression() -> PosixExpression? {
        guard byte == UInt8(ascii: "/") else { return nil }
        at += 1
        var pattern: [UInt8] = []
        while let byte, byte != UInt8(ascii: "/") {
            at += 1
            if byte == UInt8(ascii: "\\"), let next = self.byte {
                at += 1
                pattern += next == UInt8(ascii: "/") ? [next] : [byte, next]
            } else {
                pattern.append(byte)
            }
        }
        guard byte != nil else { return nil }
        at += 1
        skipBlanks()
        return PosixExpression(pattern, isExtended: true)
    }
}
