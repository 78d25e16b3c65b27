import Diagnostics

/// From words of the script to the words that a command gets.
extension ShellEvaluator {
    /// The words that a word becomes: after braces, with the results of unquoted expansions cut at blanks.
    mutating func fields(_ word: ShellWord) throws(ShellStop) -> [ShellText] {
        var all: [ShellText] = []
        for word in BraceExpansion.words(word) {
            var builder = FieldBuilder()
            for part in word.parts { try expand(part, &builder) }
            builder.finish()
            all += builder.fields
            commands += all.count / 64
            guard commands <= limits.commands else { try spend(); break }
        }
        return all
    }

    /// The one text that a word becomes where no words are made: in assignments, files and `case`.
    mutating func text(_ word: ShellWord) throws(ShellStop) -> ShellText {
        var builder = FieldBuilder(splits: false)
        for part in word.parts { try expand(part, &builder) }
        builder.finish()
        var text = ShellText()
        for (number, field) in builder.fields.enumerated() {
            if number > 0 { text.append(UInt8(ascii: " ")) }
            text.append(field)
        }
        return text
    }

    /// As a pattern: what is quoted stands for itself.
    mutating func pattern(_ word: ShellWord) throws(ShellStop) -> ShellText {
        var pattern = ShellText()
        for part in word.parts {
            var builder = FieldBuilder(splits: false)
            try expand(part, &builder)
            builder.finish()
            let isQuoted: Bool
            switch part {
            case .literal(_, let quoted), .parameter(_, let quoted), .command(_, _, let quoted),
                .arithmetic(_, _, let quoted):
                isQuoted = quoted
            case .unknown: isQuoted = true
            }
            for text in builder.fields { pattern.append(isQuoted ? GlobPattern.escaped(text) : text) }
        }
        return pattern
    }

    private mutating func expand(_ part: ShellWord.Part, _ builder: inout FieldBuilder) throws(ShellStop) {
        switch part {
        case .literal(let bytes, let isQuoted): builder.append(literal: bytes, isQuoted: isQuoted)
        case .parameter(let parameter, let isQuoted): try expand(parameter, isQuoted, &builder)
        case .command(let statements, let name, let isQuoted):
            builder.append(try output(of: statements, name), isQuoted: isQuoted)
        case .arithmetic(let word, let name, let isQuoted):
            let value = try number(word).map { ShellText(String($0)) }
            builder.append(value ?? ShellText(unknown: Unknown(name)), isQuoted: isQuoted)
        case .unknown(let name): builder.append(ShellText(unknown: Unknown(name)), isQuoted: true)
        }
    }

    /// `$( … )`: in a subshell; what it prints is known as far as it comes from the shell itself.
    private mutating func output(of statements: [ShellStatement], _ name: String) throws(ShellStop)
        -> ShellText
    {
        let (savedSink, savedRange) = (sink, range)
        sink = .text(ShellText())
        try runApart(ShellCommand(kind: .group(statements), range: range))
        var text = ShellText()
        if case .text(let printed) = sink { text = printed }
        (sink, range) = (savedSink, savedRange)
        substitutionStatus = status
        text.dropTrailingNewlines()
        // An output that nobody knows is called as the script writes it.
        let isNamed = text.gaps.contains { !$0.unknown.isStable }
        return isNamed ? ShellText(unknown: Unknown(name)) : text
    }

    private mutating func expand(
        _ parameter: ShellParameter,
        _ isQuoted: Bool,
        _ builder: inout FieldBuilder
    ) throws(ShellStop) {
        if let values = allValues(of: parameter) {
            if parameter.isLength {
                builder.append(ShellText(String(values.count)), isQuoted: isQuoted)
                return
            }
            var texts: [ShellText] = []
            for value in try slice(values, parameter) {
                let changed = try apply(parameter, to: value)
                texts.append(changed)
            }
            if texts.isEmpty, isQuoted, !parameter.isJoined { builder.vanish() }
            for (number, text) in texts.enumerated() {
                if number > 0 {
                    if isQuoted, parameter.isJoined {
                        builder.append(literal: [UInt8(ascii: " ")], isQuoted: true)
                    } else {
                        builder.finish()
                    }
                }
                builder.append(text, isQuoted: isQuoted)
            }
            return
        }
        switch try outcome(of: parameter) {
        case .text(let text): builder.append(text, isQuoted: isQuoted)
        case .word(let word):
            // Within quotes nothing of it is cut.
            let splits = builder.splits
            if isQuoted { builder.splits = false }
            defer { builder.splits = splits }
            for part in word.parts {
                if case .literal(let bytes, false) = part {
                    builder.append(ShellText(bytes), isQuoted: isQuoted)
                } else {
                    try expand(part, &builder)
                }
            }
        }
    }

    /// The elements when it asks for all: `$@`, `${name[@]}`, `${!name[@]}`.
    private func allValues(of parameter: ShellParameter) -> [ShellText]? {
        if parameter.name == "@" || parameter.name == "*" {
            return state.arguments ?? [ShellText(unknown: Unknown("$\(parameter.name)"))]
        }
        guard case .all = parameter.index else { return nil }
        guard let variable = state.variables[parameter.name] else {
            return state.unset.contains(parameter.name) ? [] : [ShellText(unknown: Unknown(parameter.shown))]
        }
        return parameter.isIndirect ? variable.keys.map { ShellText($0) } : variable.values
    }

    /// `${@:2}`, `${name[@]:1:2}`
    private mutating func slice(_ values: [ShellText], _ parameter: ShellParameter) throws(ShellStop)
        -> [ShellText]
    {
        guard case .part(let from, let length) = parameter.operation else { return values }
        let base = parameter.name == "@" || parameter.name == "*" ? 1 : 0
        guard let start = try number(from) else { return [ShellText(unknown: Unknown(parameter.shown))] }
        let first = start <= base ? 0 : min(start - base, values.count)
        guard let length else { return Array(values[first...]) }
        guard let count = try number(length) else { return [ShellText(unknown: Unknown(parameter.shown))] }
        return Array(values[first..<first + min(max(count, 0), values.count - first)])
    }

    func shown(_ word: ShellWord) -> String {
        word.parts.map { part in
            switch part {
            case .literal(let bytes, _): String(decoding: bytes, as: UTF8.self)
            case .parameter(let parameter, _): parameter.shown
            case .command(_, let name, _), .arithmetic(_, let name, _), .unknown(let name): name
            }
        }.joined()
    }
}

/// Cuts the results of expansions into words.
struct FieldBuilder {
    var splits = true
    private(set) var fields: [ShellText] = []
    private var current = ShellText()
    /// Something stands in the current word, though it be `""`.
    private var isOpen = false

    init(splits: Bool = true) {
        self.splits = splits
    }

    mutating func append(literal bytes: [UInt8], isQuoted: Bool) {
        current.append(bytes)
        isOpen = isOpen || isQuoted || !bytes.isEmpty
    }

    mutating func append(_ text: ShellText, isQuoted: Bool) {
        guard splits, !isQuoted else {
            current.append(text)
            isOpen = isOpen || isQuoted || !text.isEmpty
            return
        }
        text.forEachPiece { byte, unknown in
            if let unknown {
                current.append(unknown)
                isOpen = true
            } else if let byte {
                if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") {
                    finish()
                } else {
                    current.append(byte)
                    isOpen = true
                }
            }
        }
    }

    /// `"$@"` without arguments is no word, though it stands in quotes.
    mutating func vanish() {
        if current.isEmpty { isOpen = false }
    }

    mutating func finish() {
        guard isOpen else { return }
        fields.append(current)
        current = ShellText()
        isOpen = false
    }
}
