/// Reads a regular expression.
struct PosixExpressionParser {
    private let bytes: [UInt8]
    private let isExtended: Bool
    private var at = 0
    private var depth = 0
    private(set) var groups = 0
    private(set) var hasChoice = false

    private static let deepest = 30
    private static let mostRepeats = 255

    init(_ bytes: [UInt8], isExtended: Bool) {
        self.bytes = bytes
        self.isExtended = isExtended
    }

    mutating func parse() -> PosixExpression.Node? {
        guard bytes.count <= 1_024, let node = choice(), at == bytes.count else { return nil }
        return node
    }

    private func has(_ letter: Character) -> Bool {
        guard let value = letter.asciiValue else { return false }
        return at < bytes.count && bytes[at] == value
    }

    /// An operator that a basic expression has with a backslash, and an extended one without.
    private func hasOperator(_ letter: Character) -> Bool {
        guard let value = letter.asciiValue else { return false }
        if isExtended { return at < bytes.count && bytes[at] == value }
        return at + 1 < bytes.count && bytes[at] == UInt8(ascii: "\\") && bytes[at + 1] == value
    }

    private mutating func takeOperator(_ letter: Character) -> Bool {
        guard hasOperator(letter) else { return false }
        at += isExtended ? 1 : 2
        return true
    }

    private mutating func choice() -> PosixExpression.Node? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest, let first = sequence() else { return nil }
        var nodes = [first]
        while takeOperator("|") {
            guard let next = sequence() else { return nil }
            nodes.append(next)
        }
        if nodes.count > 1 { hasChoice = true }
        return nodes.count == 1 ? first : .choice(nodes)
    }

    private mutating func sequence() -> PosixExpression.Node? {
        var nodes: [PosixExpression.Node] = []
        while at < bytes.count, !hasOperator("|"), !(depth > 1 && hasOperator(")")) {
            guard var node = atom(isFirst: nodes.isEmpty) else { return nil }
            if case .start = node {
                nodes.append(node)
                continue
            }
            while let (from, to) = repetition() {
                guard from <= Self.mostRepeats, to ?? 0 <= Self.mostRepeats, from <= to ?? from else {
                    return nil
                }
                node = .repeated(node, from: from, to: to)
            }
            nodes.append(node)
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func repetition() -> (Int, Int?)? {
        if has("*") {
            at += 1
            return (0, nil)
        }
        if takeOperator("+") { return (1, nil) }
        if takeOperator("?") { return (0, 1) }
        let before = at
        guard takeOperator("{") else { return nil }
        let from = number()
        var to = from
        if has(",") {
            at += 1
            to = number()
        }
        guard from != nil || to != nil, takeOperator("}") else {
            at = before
            return nil
        }
        return (from ?? 0, to)
    }

    private mutating func number() -> Int? {
        let start = at
        while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
        return Int(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func atom(isFirst: Bool) -> PosixExpression.Node? {
        if takeOperator("(") {
            let number = groups
            groups += 1
            guard let inner = choice(), takeOperator(")") else { return nil }
            return .group(inner, number: number)
        }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "."): return .any
        case UInt8(ascii: "["): return set()
        case UInt8(ascii: "^") where isExtended || isFirst: return .start
        case UInt8(ascii: "$") where isExtended || at == bytes.count || hasOperator(")") || hasOperator("|"):
            return .end
        case UInt8(ascii: "*") where isExtended, UInt8(ascii: "+") where isExtended,
            UInt8(ascii: "?") where isExtended:
            return nil
        case UInt8(ascii: "\\"): return escaped()
        default: return .byte(byte)
        }
    }

    private mutating func escaped() -> PosixExpression.Node? {
        guard at < bytes.count else { return nil }
        let byte = bytes[at]
        at += 1
        let word: [ClosedRange<UInt8>] = [48...57, 65...90, 95...95, 97...122]
        let blank: [ClosedRange<UInt8>] = [9...13, 32...32]
        switch byte {
        case UInt8(ascii: "b"): return .wordEdge(isStart: nil)
        case UInt8(ascii: "<"): return .wordEdge(isStart: true)
        case UInt8(ascii: ">"): return .wordEdge(isStart: false)
        case UInt8(ascii: "w"): return .oneOf(word, isNegated: false)
        case UInt8(ascii: "W"): return .oneOf(word, isNegated: true)
        case UInt8(ascii: "s"): return .oneOf(blank, isNegated: false)
        case UInt8(ascii: "S"): return .oneOf(blank, isNegated: true)
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return nil
        default: return .byte(byte)
        }
    }

    private mutating func set() -> PosixExpression.Node? {
        guard let (ranges, isNegated, next) = ByteSet.read(bytes, at, negation: [UInt8(ascii: "^")]) else {
            return nil
        }
        at = next
        return .oneOf(ranges, isNegated: isNegated)
    }
}
