/// The words of a program as `getopt` takes them apart: options anywhere, until `--`.
struct ToolWords {
    private(set) var options: [(letter: Character, value: ShellText?)] = []
    private(set) var operands: [ShellText] = []

    /// Nil for an option that is not among the letters; a colon behind a letter says that a value follows it.
    /// Long names are given with their letters.
    init?(
        _ arguments: some Collection<ShellText>,
        _ letters: String,
        long: [String: Character] = [:],
        permutes: Bool = true
    ) {
        let spec = Array(letters)
        func takesValue(_ letter: Character) -> Bool? {
            guard letter != ":", let place = spec.firstIndex(of: letter) else { return nil }
            return place + 1 < spec.count && spec[place + 1] == ":"
        }
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            guard let text = word.knownString else {
                // An unknown word in front may be an option.
                if word.bytes.first == UInt8(ascii: "-") || word.gaps.first?.offset == 0 { return nil }
                operands.append(word)
                continue
            }
            if text == "--" {
                operands += rest
                break
            }
            guard text.hasPrefix("-"), text.count > 1 else {
                operands.append(word)
                if permutes { continue }
                operands += rest
                break
            }
            if text.hasPrefix("--") {
                let parts = text.dropFirst(2).split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                guard let letter = long[String(parts[0])], let needsValue = takesValue(letter) else {
                    return nil
                }
                var value = parts.count > 1 ? ShellText(String(parts[1])) : nil
                if needsValue, value == nil {
                    guard let next = rest.popFirst() else { return nil }
                    value = next
                }
                options.append((letter, value))
                continue
            }
            var letters = text.dropFirst()
            while let letter = letters.popFirst() {
                guard let needsValue = takesValue(letter) else { return nil }
                guard needsValue else {
                    options.append((letter, nil))
                    continue
                }
                if letters.isEmpty {
                    guard let next = rest.popFirst() else { return nil }
                    options.append((letter, next))
                } else {
                    options.append((letter, ShellText(String(letters))))
                }
                break
            }
        }
    }

    func has(_ letter: Character) -> Bool { options.contains { $0.letter == letter } }

    /// Of the last option with this letter.
    func value(_ letter: Character) -> String? {
        options.last { $0.letter == letter }?.value?.knownString
    }

    func values(_ letter: Character) -> [String?] {
        options.filter { $0.letter == letter }.map { $0.value?.knownString }
    }

    mutating func takeOperand() -> ShellText? { operands.isEmpty ? nil : operands.removeFirst() }
}

/// What a program makes of text.
struct ToolResult {
    var output: [UInt8]
    var status = 0

    init(_ output: [UInt8], status: Int = 0) {
        (self.output, self.status) = (output, status)
    }

    init(lines: some Sequence<[UInt8]>, status: Int = 0) {
        var output: [UInt8] = []
        for line in lines {
            output += line
            output.append(UInt8(ascii: "\n"))
        }
        self.init(output, status: status)
    }
}

/// A program that makes text of text, as it is called once; nil where its words are not understood.
protocol TextTool {
    init?(_ arguments: [ShellText])
    /// What it reads instead of its input.
    var files: [ShellText] { get }
    /// Nil when what it does is not known.
    func run(_ text: [UInt8]) -> ToolResult?
}

extension TextTool {
    /// Without the newlines; what stands behind the last one is a line too.
    static func lines(_ text: [UInt8]) -> [[UInt8]] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }
}
