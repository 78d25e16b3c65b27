import Diagnostics

/// Arithmetic of the shell, in 64 bits that wrap around.
extension ShellEvaluator {
    /// The value of an expression; nil when it needs something that nobody knows, or is none.
    mutating func number(_ word: ShellWord) throws(ShellStop) -> Int? {
        guard let bytes = try text(word).known else { return nil }
        return arithmetic(bytes)
    }

    mutating func arithmetic(_ text: ShellText) -> Int? { text.known.flatMap { arithmetic($0) } }

    private mutating func arithmetic(_ bytes: [UInt8]) -> Int? {
        if let value = Int(String(decoding: bytes, as: UTF8.self)), bytes.first != UInt8(ascii: "0") {
            return value
        }
        var values: [String: Int] = [:]
        for name in ArithmeticExpression.names(in: bytes) {
            if let text = value(of: name) {
                if let known = text.known {
                    values[name] = known.isEmpty ? 0 : ArithmeticExpression.number(known)
                }
            } else {
                values[name] = 0
            }
        }
        var expression = ArithmeticExpression(bytes, values: values)
        let value = expression.evaluate()
        for (name, value) in expression.assigned {
            if let value {
                set(name, ShellText(String(value)))
            } else {
                set(name, ShellText(unknown: Unknown("$\(name)")))
            }
        }
        return value
    }
}

/// Reads and computes at once; nil stands for what is not known.
struct ArithmeticExpression {
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0
    private var isWrong = false
    /// Of the names that are known.
    private let values: [String: Int]
    /// What the expression gives to names.
    private(set) var assigned: [String: Int?] = [:]

    private static let deepest = 50

    init(_ bytes: [UInt8], values: [String: Int]) {
        self.bytes = bytes
        self.values = values
    }

    /// The names that stand in an expression.
    static func names(in bytes: [UInt8]) -> Set<String> {
        var (names, place) = (Set<String>(), 0)
        while place < bytes.count {
            let start = place
            while place < bytes.count, ShellParser.isNamePart(bytes[place]) { place += 1 }
            if place > start, ShellParser.isNameStart(bytes[start]) {
                names.insert(String(decoding: bytes[start..<place], as: UTF8.self))
            }
            place += 1
        }
        return names
    }

    mutating func evaluate() -> Int? {
        skipBlanks()
        guard at < bytes.count else { return 0 }
        var value = assignment()
        while take(",") { value = assignment() }
        return at == bytes.count && !isWrong ? value : nil
    }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 32 || (9...13).contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        let count = text.utf8.count
        guard at + count <= bytes.count, bytes[at..<at + count].elementsEqual(text.utf8) else { return false }
        at += count
        skipBlanks()
        return true
    }

    private func value(of name: String) -> Int? { assigned[name] ?? values[name] }

    private mutating func assignment() -> Int? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            isWrong = true
            return nil
        }
        let start = at
        if let name = name() {
            for operation in ["=", "+=", "-=", "*=", "/=", "%="] where has(operation) {
                if operation == "=", has("==") { break }
                _ = take(operation)
                let right = assignment()
                let value =
                    operation == "="
                    ? right : Self.compute(String(operation.prefix(1)), value(of: name), right)
                assigned[name] = .some(value)
                return value
            }
            at = start
        }
        let condition = binary(0)
        guard take("?") else { return condition }
        let yes = assignment()
        guard take(":") else {
            isWrong = true
            return nil
        }
        let no = assignment()
        return condition.flatMap { $0 != 0 ? yes : no }
    }

    private func has(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private static let levels: [[String]] = [
        ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"],
        ["*", "/", "%"],
    ]

    private mutating func binary(_ level: Int) -> Int? {
        guard level < Self.levels.count else { return unary() }
        var left = binary(level + 1)
        while let operation = Self.levels[level].first(where: { isOperator($0) }) {
            _ = take(operation)
            left = Self.compute(operation, left, binary(level + 1))
        }
        return left
    }

    /// `|` is not the beginning of `||`, nor `<` of `<<`.
    private func isOperator(_ text: String) -> Bool {
        guard has(text) else { return false }
        guard text.utf8.count == 1, let first = text.utf8.first, at + 1 < bytes.count else { return true }
        let next = bytes[at + 1]
        if next == UInt8(ascii: "=") { return false }
        return next != first || first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    }

    private static func compute(_ operation: String, _ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return nil }
        switch operation {
        case "||": return left != 0 || right != 0 ? 1 : 0
        case "&&": return left != 0 && right != 0 ? 1 : 0
        case "|": return left | right
        case "^": return left ^ right
        case "&": return left & right
        case "==": return left == right ? 1 : 0
        case "!=": return left != right ? 1 : 0
        case "<=": return left <= right ? 1 : 0
        case ">=": return left >= right ? 1 : 0
        case "<": return left < right ? 1 : 0
        case ">": return left > right ? 1 : 0
        case "<<": return left &<< right
        case ">>": return left &>> right
        case "+": return left &+ right
        case "-": return left &- right
        case "*": return left &* right
        case "/": return right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
        default: return right == 0 ? nil : left.remainderReportingOverflow(dividingBy: right).partialValue
        }
    }

    private mutating func unary() -> Int? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            isWrong = true
            return nil
        }
        for (operation, step) in [("++", 1), ("--", -1)] where take(operation) {
            guard let name = name() else {
                isWrong = true
                return nil
            }
            let value = value(of: name).map { $0 &+ step }
            assigned[name] = .some(value)
            return value
        }
        if take("!") { return unary().map { $0 == 0 ? 1 : 0 } }
        if take("~") { return unary().map { ~$0 } }
        if take("-") { return unary().map { 0 &- $0 } }
        if take("+") { return unary() }
        if take("(") {
            var value = assignment()
            while take(",") { value = assignment() }
            if !take(")") { isWrong = true }
            return value
        }
        if let name = name() {
            let value = value(of: name)
            for (operation, step) in [("++", 1), ("--", -1)] where take(operation) {
                assigned[name] = .some(value.map { $0 &+ step })
            }
            return value
        }
        let start = at
        while at < bytes.count, ShellParser.isNamePart(bytes[at]) || bytes[at] == UInt8(ascii: "#") {
            at += 1
        }
        let value = Self.number(Array(bytes[start..<at]))
        skipBlanks()
        if value == nil { isWrong = true }
        return value
    }

    private mutating func name() -> String? {
        guard at < bytes.count, ShellParser.isNameStart(bytes[at]) else { return nil }
        let start = at
        while at < bytes.count, ShellParser.isNamePart(bytes[at]) { at += 1 }
        let name = String(decoding: bytes[start..<at], as: UTF8.self)
        skipBlanks()
        return name
    }

    /// Decimal, `0x…`, or octal after a zero.
    static func number(_ bytes: [UInt8]) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return Int(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0"), text.utf8.count > 1 { return Int(text.dropFirst(), radix: 8) }
        return Int(text)
    }
}
