/// `awk [-F MARK] '[PATTERN] [{ print … }]'`: the programs of one line that cut and pick.
struct AwkTool: TextTool {
    let files: [ShellText]
    private let separator: PosixExpression?
    private let rules: [AwkRule]

    init?(_ arguments: [ShellText]) {
        guard var words = ToolWords(arguments, "F:", permutes: false),
            let program = words.takeOperand()?.known, words.operands.count <= 1
        else { return nil }
        if let mark = words.value("F"), mark != " " {
            var bytes = EscapeSequences.expanded(ShellText(mark)).bytes
            if bytes.count == 1 { bytes = PosixExpression.escaped(ShellText(bytes)).bytes }
            guard let expression = PosixExpression(bytes, isExtended: true) else { return nil }
            separator = expression
        } else {
            separator = nil
        }
        guard let rules = AwkRule.read(program) else { return nil }
        (files, self.rules) = (words.operands, rules)
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        var output: [[UInt8]] = []
        lines: for (place, line) in Self.lines(text).enumerated() {
            guard let fields = fields(line) else { return nil }
            let record = AwkRecord(line: line, fields: fields, number: place + 1)
            for rule in rules {
                guard let holds = rule.holds(record) else { return nil }
                guard holds else { continue }
                for action in rule.actions {
                    switch action {
                    case .leave: break lines
                    case .next: continue lines
                    case .print(let values):
                        output.append(Array(values.map { $0.bytes(record) }.joined(separator: [32])))
                    }
                }
            }
        }
        return ToolResult(lines: output)
    }

    private func fields(_ line: [UInt8]) -> [[UInt8]]? {
        guard let separator else { return line.split { $0 == 32 || $0 == 9 }.map { Array($0) } }
        guard !line.isEmpty else { return [] }
        var (fields, place, start) = ([[UInt8]](), 0, 0)
        while place <= line.count {
            switch separator.search(line, from: place) {
            case .unknown: return nil
            case .none: place = line.count + 1
            case .found(let match):
                place = max(match.range.upperBound, match.range.lowerBound + 1)
                guard !match.range.isEmpty else { continue }
                fields.append(Array(line[start..<match.range.lowerBound]))
                start = match.range.upperBound
            }
        }
        return fields + [Array(line[start...])]
    }
}

struct AwkRecord {
    let line: [UInt8]
    let fields: [[UInt8]]
    let number: Int
}

/// What stands side by side is one text.
struct AwkValue {
    enum Part {
        case text([UInt8])
        case field(Int)
        case lastField
        case lineNumber
        case fieldCount
    }

    var parts: [Part]

    func bytes(_ record: AwkRecord) -> [UInt8] {
        parts.flatMap { part -> [UInt8] in
            switch part {
            case .text(let bytes): bytes
            case .field(0): record.line
            case .field(let number): number <= record.fields.count ? record.fields[number - 1] : []
            case .lastField: record.fields.last ?? record.line
            case .lineNumber: Array("\(record.number)".utf8)
            case .fieldCount: Array("\(record.fields.count)".utf8)
            }
        }
    }
}

struct AwkRule {
    enum Action {
        case print([AwkValue])
        case leave
        case next
    }

    enum Test {
        case matches(AwkValue, PosixExpression)
        case equals(AwkValue, [UInt8])
        /// The number of the line.
        case line(String, Int)
    }

    /// All of them hold; a test that is negated does not.
    var tests: [(test: Test, isNegated: Bool)] = []
    var actions: [Action] = []

    /// Nil when it is not known.
    func holds(_ record: AwkRecord) -> Bool? {
        for (test, isNegated) in tests {
            let holds: Bool
            switch test {
            case .equals(let value, let bytes): holds = value.bytes(record) == bytes
            case .line("==", let number): holds = record.number == number
            case .line(">", let number): holds = record.number > number
            case .line(">=", let number): holds = record.number >= number
            case .line("<", let number): holds = record.number < number
            case .line("<=", let number): holds = record.number <= number
            case .line(_, let number): holds = record.number != number
            case .matches(let value, let expression):
                switch expression.search(value.bytes(record)) {
                case .found: holds = true
                case .none: holds = false
                case .unknown: return nil
                }
            }
            if holds == isNegated { return false }
        }
        return true
    }
}
