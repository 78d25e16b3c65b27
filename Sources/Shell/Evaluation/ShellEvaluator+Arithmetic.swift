import Diagnostics

/// Arithmetic of the shell, in 64 bits that wrap around.
extension ShellEvaluator {
    /// The value of an expression; nil when it needs something that nobody knows, or is none.
    mutating func number(_ word: ShellWord) throws(ShellStop) -> Int? {
        guard let bytes = try text(word).known else { return nil }
        let value = arithmetic(bytes, depth: 0)
        try checkUnset()
        return value
    }

    /// With `set -u` an expression with a name that has no value ends the script.
    mutating func checkUnset() throws(ShellStop) {
        guard let name = unsetInArithmetic else { return }
        unsetInArithmetic = nil
        throw unbound(name)
    }

    mutating func arithmetic(_ text: ShellText) -> Int? { text.known.flatMap { arithmetic($0, depth: 0) } }

    /// An integer by name (`declare -i`): what it was given is an expression.
    mutating func compute(_ name: String) {
        guard let text = value(of: name) else { return }
        set(name, arithmetic(text).map { ShellText(String($0)) } ?? ShellText(unknown: Unknown("$\(name)")))
    }

    private mutating func arithmetic(_ bytes: [UInt8], depth: Int) -> Int? {
        if let value = Int(String(decoding: bytes, as: UTF8.self)), bytes.first != UInt8(ascii: "0") {
            return value
        }
        var values: [String: Int] = [:]
        var tables: Set<String> = []
        for name in ArithmeticExpression.names(in: bytes) {
            switch state.variables[state.target(name)] {
            case .table(let table):
                tables.insert(name)
                for (key, text) in table.values { values["\(name)[\(key)]"] = number(text, depth) }
                continue
            case .list(let list):
                for (index, text) in list.elements { values["\(name)[\(index)]"] = number(text, depth) }
            case .single, nil: break
            }
            if let text = value(of: name) {
                values[name] = number(text, depth)
            } else {
                values[name] = 0
                if state.options.stopsAtUnset { unsetInArithmetic = name }
            }
        }
        var expression = ArithmeticExpression(bytes, values: values, tables: tables)
        let value = expression.evaluate()
        for (name, value) in expression.assigned {
            if unsetInArithmetic == name { unsetInArithmetic = nil }
            assign(name, value)
        }
        return value
    }

    /// What a name holds may be an expression itself.
    private mutating func number(_ text: ShellText, _ depth: Int) -> Int? {
        guard let known = text.known else { return nil }
        if known.isEmpty { return 0 }
        if let value = ArithmeticExpression.number(known) { return value }
        return depth < 8 ? arithmetic(known, depth: depth + 1) : nil
    }

    private mutating func assign(_ name: String, _ value: Int?) {
        let text = value.map { ShellText(String($0)) } ?? ShellText(unknown: Unknown("$\(name)"))
        guard name.hasSuffix("]"), let open = name.firstIndex(of: "[") else {
            return replaceFirst(name, text)
        }
        setElement(String(name[..<open]), String(name[name.index(after: open)...].dropLast()), text)
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
    /// The names whose elements have names themselves.
    private let tables: Set<String>
    /// What the expression gives to names.
    private(set) var assigned: [String: Int?] = [:]

    private static let deepest = 50

    init(_ bytes: [UInt8], values: [String: Int], tables: Set<String>) {
        self.bytes = bytes
        self.values = values
        self.tables = tables
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

    private func value(of name: String) -> Int? {
        // An element that is not there counts as 0.
        if name.hasSuffix("]") { return assigned[name] ?? values[name] ?? 0 }
        return assigned[name] ?? values[name]
    }

    private mutating func assignment() -> Int? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            isWrong = true
            return nil
        }
        let start = at
        if let name = name() {
            for operation in ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="]
            where has(operation) {
                if operation == "=", has("==") { break }
                _ = take(operation)
                let right = assignment()
                let value =
                    operation == "="
                    ? right : Self.compute(String(operation.dropLast()), value(of: name), right)
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

    /// `2 ** 3`, from the right.
    private mutating func power() -> Int? {
        let base = unary()
        guard take("**") else { return base }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            isWrong = true
            return nil
        }
        guard let base, let exponent = power(), exponent >= 0 else { return nil }
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        guard exponent < 64 else { return base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
        return (0..<exponent).reduce(1) { result, _ in result &* base }
    }

    private mutating func binary(_ level: Int) -> Int? {
        guard level < Self.levels.count else { return power() }
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
        if next == UInt8(ascii: "="), text != "<", text != ">" { return false }
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
        var name = String(decoding: bytes[start..<at], as: UTF8.self)
        if at < bytes.count, bytes[at] == UInt8(ascii: "[") {
            at += 1
            guard let key = key(of: name) else { return nil }
            name += "[\(key)]"
        }
        skipBlanks()
        return name
    }

    /// What stands between the brackets, which is stepped over: an expression, or a name in a table.
    private mutating func key(of name: String) -> String? {
        if tables.contains(name) {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "]") { at += 1 }
            guard at < bytes.count else { return nil }
            at += 1
            return String(decoding: bytes[start..<(at - 1)], as: UTF8.self)
        }
        skipBlanks()
        guard let index = assignment(), take("]") else {
            isWrong = true
            return nil
        }
        return String(index)
    }

    /// Decimal, `0x…`, or octal after a zero.
    static func number(_ bytes: [UInt8]) -> Int? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return Int(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0"), text.utf8.count > 1 { return Int(text.dropFirst(), radix: 8) }
        if let mark = text.firstIndex(of: "#"), let base = Int(text[..<mark]), (2...36).contains(base) {
            return Int(text[text.index(after: mark)...], radix: base)
        }
        return Int(text)
    }
}
