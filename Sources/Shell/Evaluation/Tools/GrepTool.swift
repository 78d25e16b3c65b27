/// `grep [-EFGivxwqcons] [-m N] [-e] PATTERN`
struct GrepTool: TextTool {
    let files: [ShellText]
    private let options: Set<Character>
    private let expressions: [PosixExpression]
    private let most: Int
    /// What stands behind a text does not matter to whether it matches.
    private let isOpenAtEnd: Bool

    var isQuiet: Bool { options.contains("q") }

    init?(_ arguments: [ShellText]) { self.init("grep", arguments) }

    init?(_ name: String, _ arguments: [ShellText]) {
        let long: [String: Character] = [
            "extended-regexp": "E", "fixed-strings": "F", "ignore-case": "i", "invert-match": "v",
            "line-regexp": "x", "word-regexp": "w", "quiet": "q", "silent": "q", "count": "c",
            "only-matching": "o", "line-number": "n", "no-messages": "s", "max-count": "m", "regexp": "e",
            "no-filename": "h", "text": "a", "basic-regexp": "G",
        ]
        guard var words = ToolWords(arguments, "EFGivxwqcohnsam:e:", long: long) else { return nil }
        var patterns = words.values("e")
        if patterns.isEmpty { patterns = [words.takeOperand()?.knownString] }
        options = Set(words.options.map(\.letter))
        guard let most = Int(words.value("m") ?? "\(Int.max)"), words.operands.count <= 1 else { return nil }
        (files, self.most) = (words.operands.filter { $0.knownString != "-" }, most)
        let isFixed = options.contains("F") || name == "fgrep"
        let isExtended = isFixed || options.contains("E") || name == "egrep"
        var expressions: [PosixExpression] = []
        for pattern in patterns {
            guard let pattern else { return nil }
            for line in pattern.split(separator: "\n", omittingEmptySubsequences: false) {
                var bytes = Array(line.utf8)
                if isFixed { bytes = PosixExpression.escaped(ShellText(bytes)).bytes }
                let (open, close) = isExtended ? ("(", ")") : ("\\(", "\\)")
                if options.contains("x") { bytes = Array("^\(open)".utf8) + bytes + Array("\(close)$".utf8) }
                if options.contains("w") {
                    bytes = Array("\\<\(open)".utf8) + bytes + Array("\(close)\\>".utf8)
                }
                guard
                    let expression = PosixExpression(
                        bytes,
                        isExtended: isExtended,
                        ignoresCase: options.contains("i")
                    )
                else { return nil }
                expressions.append(expression)
            }
        }
        self.expressions = expressions
        isOpenAtEnd =
            options.isDisjoint(with: ["v", "x", "w"])
            && !patterns.contains { $0?.contains { "$\\".contains($0) } ?? true }
    }

    /// Whether a line is one of those that it wants; nil when that is not known.
    private func wants(_ line: [UInt8]) -> Bool? {
        var isOpen = false
        for expression in expressions {
            switch expression.search(line) {
            case .found: return !options.contains("v")
            case .none: continue
            case .unknown: isOpen = true
            }
        }
        return isOpen ? nil : options.contains("v")
    }

    func run(_ text: [UInt8]) -> ToolResult? {
        var found: [(number: Int, line: [UInt8])] = []
        for (number, line) in Self.lines(text).enumerated() {
            guard let isWanted = wants(line) else { return nil }
            if isWanted { found.append((number + 1, line)) }
            if found.count >= most { break }
        }
        let status = found.isEmpty ? 1 : 0
        if isQuiet { return ToolResult([], status: status) }
        if options.contains("c") { return ToolResult(lines: [Array("\(found.count)".utf8)], status: status) }
        var lines: [[UInt8]] = []
        for (number, line) in found {
            let head = options.contains("n") ? Array("\(number):".utf8) : []
            guard options.contains("o") else {
                lines.append(head + line)
                continue
            }
            guard let parts = parts(of: line) else { return nil }
            lines += parts.map { head + $0 }
        }
        return ToolResult(lines: lines, status: status)
    }

    /// The parts of a line that match (`-o`).
    private func parts(of line: [UInt8]) -> [[UInt8]]? {
        guard expressions.count == 1, !options.contains("v") else { return nil }
        var (parts, place) = ([[UInt8]](), 0)
        while place <= line.count {
            switch expressions[0].search(line, from: place) {
            case .unknown: return nil
            case .none: return parts
            case .found(let match):
                if !match.range.isEmpty { parts.append(Array(line[match.range])) }
                place = max(match.range.upperBound, match.range.lowerBound + 1)
            }
        }
        return parts
    }

    /// Of text that is not wholly known: a known line that it wants is enough for `-q`, and for success.
    func isSatisfied(by text: ShellText) -> Bool {
        isQuiet
            && text.lines.contains { line in
                guard let gap = line.gaps.first else { return wants(line.bytes) == true }
                return isOpenAtEnd && wants(Array(line.bytes[..<gap.offset])) == true
            }
    }
}
