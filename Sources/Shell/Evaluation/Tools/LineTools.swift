/// `head [-n N]`
struct HeadTool: TextTool {
    let files: [ShellText]
    private let count: Int
    private let isBytes: Bool

    init?(_ arguments: [ShellText]) {
        guard
            let words = ToolWords(LineCount.written(arguments), "n:c:q", long: ["lines": "n", "bytes": "c"]),
            let count = Int(words.value("n") ?? words.value("c") ?? "10"), words.operands.count <= 1
        else { return nil }
        (files, self.count, isBytes) = (words.operands, count, words.has("c"))
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        if isBytes { return ToolResult(Array(count < 0 ? text.dropLast(-count) : text.prefix(count))) }
        let lines = Self.lines(text)
        return ToolResult(lines: count < 0 ? lines.dropLast(-count) : lines.prefix(count))
    }
}

/// `tail [-n N]`, `tail -n +N`
struct TailTool: TextTool {
    let files: [ShellText]
    private let count: Int
    private let isFromStart: Bool

    init?(_ arguments: [ShellText]) {
        guard let words = ToolWords(LineCount.written(arguments), "n:q", long: ["lines": "n"]),
            words.operands.count <= 1
        else { return nil }
        let text = words.value("n") ?? "10"
        guard let count = Int(text) else { return nil }
        (files, self.count, isFromStart) = (words.operands, abs(count), text.hasPrefix("+"))
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        let lines = Self.lines(text)
        return ToolResult(lines: isFromStart ? lines.dropFirst(max(count - 1, 0)) : lines.suffix(count))
    }
}

private enum LineCount {
    /// `-5` and `+5` of old times, as `-n 5` and `-n +5`.
    static func written(_ arguments: [ShellText]) -> [ShellText] {
        arguments.enumerated().flatMap { number, word in
            let isValue = number > 0 && ["-n", "-c"].contains(arguments[number - 1].knownString)
            guard !isValue, let text = word.knownString, let sign = text.first, sign == "-" || sign == "+",
                text.count > 1,
                text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
            else { return [word] }
            return [ShellText("-n"), ShellText(sign == "-" ? String(text.dropFirst()) : text)]
        }
    }
}

/// `wc -l`, `wc -w`, `wc -c`
struct CountTool: TextTool {
    let files: [ShellText]
    private let letter: Character

    init?(_ arguments: [ShellText]) {
        guard let words = ToolWords(arguments, "lwcm", long: ["lines": "l", "words": "w", "bytes": "c"]),
            words.options.count == 1, words.operands.count <= 1
        else { return nil }
        (files, letter) = (words.operands, words.options[0].letter)
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        let count: Int
        switch letter {
        case "l": count = text.count { $0 == UInt8(ascii: "\n") }
        case "w": count = text.split { $0 == 32 || (9...13).contains($0) }.count
        case "m": count = String(decoding: text, as: UTF8.self).unicodeScalars.count
        default: count = text.count
        }
        guard let file = files.first else { return ToolResult(lines: [Array("\(count)".utf8)]) }
        return ToolResult(lines: [Array("\(count) ".utf8) + file.bytes])
    }
}

/// `sort [-nru]`
struct SortTool: TextTool {
    let files: [ShellText]
    private let isNumeric: Bool
    private let isReversed: Bool
    private let isUnique: Bool
    private let isByBytes: Bool

    init?(_ arguments: [ShellText]) { self.init(arguments, isByBytes: false) }

    /// By bytes with `LC_ALL=C`.
    init?(_ arguments: [ShellText], isByBytes: Bool) {
        let long: [String: Character] = ["unique": "u", "numeric-sort": "n", "reverse": "r"]
        guard let words = ToolWords(arguments, "nru", long: long), words.operands.count <= 1 else {
            return nil
        }
        files = words.operands
        (isNumeric, isReversed, isUnique) = (words.has("n"), words.has("r"), words.has("u"))
        self.isByBytes = isByBytes
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        let lines = Self.lines(text)
        // In which order other bytes come is a matter of the language.
        let isPlain =
            isByBytes || Set(lines).count < 2
            || lines.allSatisfy { line in line.allSatisfy { Self.isPlain($0) } }
        guard isNumeric || isPlain else { return nil }
        var keyed = lines.map { (number: isNumeric ? Self.number($0) : 0, line: $0) }
        if isUnique {
            var seen: Set<[UInt8]> = []
            keyed = keyed.filter { seen.insert(isNumeric ? Array("\($0.number)".utf8) : $0.line).inserted }
        }
        keyed.sort { left, right in
            if left.number != right.number { return left.number < right.number }
            return left.line.lexicographicallyPrecedes(right.line)
        }
        return ToolResult(lines: isReversed ? keyed.reversed().map(\.line) : keyed.map(\.line))
    }

    /// Letters of one case and digits come in the same order everywhere; addresses and ports are taken to.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func number(_ line: [UInt8]) -> Double {
        let text = String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
        let sign = text.hasPrefix("-") ? "-" : ""
        return Double(sign + text.dropFirst(sign.count).prefix { $0.isASCII && ($0.isNumber || $0 == ".") })
            ?? 0
    }
}

/// `uniq [-cdu]`
struct UniqueTool: TextTool {
    let files: [ShellText]
    private let options: Set<Character>

    init?(_ arguments: [ShellText]) {
        guard let words = ToolWords(arguments, "cdu"), words.operands.count <= 1 else { return nil }
        (files, options) = (words.operands, Set(words.options.map(\.letter)))
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        var groups: [(line: [UInt8], count: Int)] = []
        for line in Self.lines(text) {
            if groups.last?.line == line {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((line, 1))
            }
        }
        if options.contains("d") { groups = groups.filter { $0.count > 1 } }
        if options.contains("u") { groups = groups.filter { $0.count == 1 } }
        return ToolResult(
            lines: groups.map { group in
                guard options.contains("c") else { return group.line }
                let count = String(group.count)
                return Array((String(repeating: " ", count: max(0, 7 - count.count)) + count + " ").utf8)
                    + group.line
            }
        )
    }
}

/// `tac`
struct BackwardsTool: TextTool {
    let files: [ShellText]

    init?(_ arguments: [ShellText]) {
        guard let words = ToolWords(arguments, ""), words.operands.count <= 1 else { return nil }
        files = words.operands
    }

    func run(_ text: [UInt8]) -> ToolResult? { ToolResult(lines: Self.lines(text).reversed()) }
}

/// `paste -s [-d MARK]`: the lines in one.
struct PasteTool: TextTool {
    let files: [ShellText]
    private let mark: [UInt8]

    init?(_ arguments: [ShellText]) {
        guard let words = ToolWords(arguments, "sd:"), words.has("s"), words.operands.count <= 1 else {
            return nil
        }
        files = words.operands.filter { $0.knownString != "-" }
        mark = Array((words.has("d") ? words.value("d") ?? "" : "\t").utf8)
        guard mark.count == 1, mark != [UInt8(ascii: "\\")] else { return nil }
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        ToolResult(lines: [Array(Self.lines(text).joined(separator: mark))])
    }
}
