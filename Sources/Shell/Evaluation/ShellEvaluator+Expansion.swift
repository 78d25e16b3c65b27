import Diagnostics

/// From words of the script to the words that a command gets.
extension ShellEvaluator {
    /// The words that a word becomes: after braces, with the results of unquoted expansions cut at blanks.
    mutating func fields(_ word: ShellWord) throws(ShellStop) -> [ShellText] {
        var all: [ShellText] = []
        let words: [ShellWord]
        do throws(BraceExpansion.TooMany) {
            words = try BraceExpansion.words(word)
        } catch {
            throw .limit(
                ShellError(
                    "limit.braces",
                    "these braces expand to more words than are looked at (\(BraceExpansion.most))",
                    at: word.range
                )
            )
        }
        let separators = separators
        for word in words {
            var builder = FieldBuilder(separators: separators)
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
        var builder = FieldBuilder()
        for part in word.parts { try expand(part, &builder) }
        builder.finish()
        var text = ShellText()
        for (number, field) in builder.fields.enumerated() {
            if number > 0 { text.append(UInt8(ascii: " ")) }
            text.append(field)
        }
        return text
    }

    /// The bytes at which words are cut, by `IFS`.
    var separators: [UInt8] {
        guard let variable = state.variables["IFS"] else { return FieldBuilder.usual }
        return variable.text?.known ?? FieldBuilder.usual
    }

    /// What stands between the values of `$*`.
    var joint: [UInt8] {
        guard let variable = state.variables["IFS"], let bytes = variable.text?.known else {
            return [UInt8(ascii: " ")]
        }
        return Array(bytes.prefix(1))
    }

    /// As a pattern: what is quoted stands for itself.
    mutating func pattern(_ word: ShellWord) throws(ShellStop) -> ShellText {
        try quoting(word, GlobPattern.escaped)
    }

    /// As a regular expression: what is quoted stands for itself.
    mutating func expression(_ word: ShellWord) throws(ShellStop) -> ShellText {
        try quoting(word, PosixExpression.escaped)
    }

    private mutating func quoting(_ word: ShellWord, _ escape: (ShellText) -> ShellText) throws(ShellStop)
        -> ShellText
    {
        var pattern = ShellText()
        for part in word.parts {
            var builder = FieldBuilder()
            try expand(part, &builder)
            builder.finish()
            let isQuoted: Bool
            switch part {
            case .literal(_, let quoted), .parameter(_, let quoted), .command(_, _, let quoted),
                .arithmetic(_, _, let quoted):
                isQuoted = quoted
            case .unknown, .process: isQuoted = true
            }
            for text in builder.fields { pattern.append(isQuoted ? escape(text) : text) }
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
        case .process(let statements, let name):
            let path = ShellText("/dev/fd/\(name)#\(nextRun())")
            files[path] = .text(try output(of: statements, name, isWhole: true))
            builder.append(path, isQuoted: true)
        case .unknown(let name): builder.append(ShellText(unknown: Unknown(name)), isQuoted: true)
        }
    }

    /// `$( … )`: in a subshell; what it prints is known as far as it comes from the shell itself.
    private mutating func output(
        of statements: [ShellStatement],
        _ name: String,
        isWhole: Bool = false
    ) throws(ShellStop) -> ShellText {
        if let path = statements.onlyRead {
            var text = contents(of: try text(path))
            text.dropTrailingNewlines()
            substitutionStatus = .success
            return text
        }
        let (savedSink, savedRange) = (sink, range)
        sink = .text(ShellText())
        try runApart(ShellCommand(kind: .group(statements), range: range))
        var text = ShellText()
        if case .text(let printed) = sink { text = printed }
        (sink, range) = (savedSink, savedRange)
        if isWhole { return text }
        substitutionStatus = status
        text.dropTrailingNewlines()
        // An output that nobody knows is called as the script writes it.
        let isNamed = text.gaps.contains { !$0.unknown.isSame }
        return isNamed ? ShellText(unknown: Unknown(name, run: nextRun())) : text
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
                    if parameter.isJoined, isQuoted || !builder.splits {
                        builder.append(literal: joint, isQuoted: true)
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
        guard let variable = variable(parameter.name) else {
            return state.unset.contains(state.target(parameter.name))
                ? [] : [ShellText(unknown: Unknown(parameter.shown))]
        }
        return parameter.isIndirect ? variable.keys.map { ShellText($0) } : variable.values
    }

    /// `${@:2}`, `${name[@]:1:2}`
    private mutating func slice(_ values: [ShellText], _ parameter: ShellParameter) throws(ShellStop)
        -> [ShellText]
    {
        guard case .part(let from, let length) = parameter.operation else { return values }
        let open = [ShellText(unknown: Unknown(parameter.shown))]
        let isOfArguments = parameter.name == "@" || parameter.name == "*"
        if isOfArguments, state.arguments == nil { return open }
        guard let start = try number(from) else { return open }
        // The places of the values: the arguments begin with the name of the script.
        var (all, places) = (values, Array(values.indices))
        if isOfArguments {
            all.insert(value(of: "0") ?? ShellText(), at: 0)
            places = Array(all.indices)
        } else if let variable = variable(parameter.name), case .list = variable {
            places = variable.keys.compactMap { Int($0) }
        }
        let (end, isBeyond) = (places.last ?? -1).addingReportingOverflow(1)
        if isBeyond { return open }
        let (place, isBefore) = start < 0 ? (end &+ start, end &+ start < 0) : (start, false)
        let rest = isBefore ? [] : zip(places, all).filter { $0.0 >= place }.map(\.1)
        guard let length else { return rest }
        guard let count = try number(length) else { return open }
        return Array(rest.prefix(max(count, 0)))
    }

    func shown(_ word: ShellWord) -> String {
        word.parts.map { part in
            switch part {
            case .literal(let bytes, _): String(decoding: bytes, as: UTF8.self)
            case .parameter(let parameter, _): parameter.shown
            case .command(_, let name, _), .arithmetic(_, let name, _), .process(_, let name),
                .unknown(let name):
                name
            }
        }.joined()
    }
}

/// Cuts the results of expansions into words.
struct FieldBuilder {
    /// Where nothing else is said: blanks and newlines.
    static let usual: [UInt8] = [32, 9, 10]

    var splits: Bool
    private let separators: [UInt8]
    private(set) var fields: [ShellText] = []
    private var current = ShellText()
    /// Something stands in the current word, though it be `""`.
    private var isOpen = false
    /// A blank ended the last word: a separator of another kind behind it ends the same one.
    private var isAfterBlank = false

    /// Without separators nothing is cut.
    init(separators: [UInt8]? = nil) {
        splits = separators != nil
        self.separators = separators ?? []
    }

    mutating func append(literal bytes: [UInt8], isQuoted: Bool) {
        current.append(bytes)
        isOpen = isOpen || isQuoted || !bytes.isEmpty
        if isOpen { isAfterBlank = false }
    }

    mutating func append(_ text: ShellText, isQuoted: Bool) {
        guard splits, !isQuoted else {
            current.append(text)
            isOpen = isOpen || isQuoted || !text.isEmpty
            if isOpen { isAfterBlank = false }
            return
        }
        text.forEachPiece { byte, unknown in
            if let unknown {
                current.append(unknown)
                (isOpen, isAfterBlank) = (true, false)
            } else if let byte {
                if separators.contains(byte) {
                    cut(at: byte)
                } else {
                    current.append(byte)
                    (isOpen, isAfterBlank) = (true, false)
                }
            }
        }
    }

    /// Blanks only part words; another separator ends a word even where none stands.
    private mutating func cut(at byte: UInt8) {
        if Self.usual.contains(byte) {
            isAfterBlank = isAfterBlank || isOpen
            finish(isAfterBlank: isAfterBlank)
        } else if isAfterBlank {
            isAfterBlank = false
        } else {
            isOpen = true
            finish()
        }
    }

    /// `"$@"` without arguments is no word, though it stands in quotes.
    mutating func vanish() {
        if current.isEmpty { isOpen = false }
    }

    mutating func finish(isAfterBlank: Bool = false) {
        self.isAfterBlank = isAfterBlank
        guard isOpen else { return }
        fields.append(current)
        current = ShellText()
        isOpen = false
    }
}
