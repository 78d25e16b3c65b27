import Diagnostics

/// The commands that are the shell itself.
extension ShellEvaluator {
    /// Whether the name is one of them; then it has run.
    mutating func runBuiltin(
        _ name: String,
        _ words: [ShellText],
        _ ranges: [SourceRange],
        _ declarations: [ShellAssignment]
    ) throws(ShellStop) -> Bool {
        let arguments = Array(words.dropFirst())
        switch name {
        case ":", "true": status = .success
        case "false": status = .known(1)
        case "echo":
            print(echoed(arguments))
            status = .success
        case "printf":
            if arguments.count > 1, arguments[0].knownString == "-v", let name = arguments[1].knownString {
                try setElement(name, formatted(Array(arguments.dropFirst(2))))
            } else {
                print(formatted(arguments))
            }
            status = .success
        case "test": judge(arguments)
        case "[":
            let isClosed = arguments.last?.knownString == "]"
            judge(isClosed ? Array(arguments.dropLast()) : arguments)
        case "exit":
            setStatus(arguments)
            throw .leaveShell
        case "return":
            guard state.canReturn || !isBash else {
                status = .known(2)
                return true
            }
            setStatus(arguments)
            throw state.canReturn ? .leaveFunction : .leaveShell
        case "break": throw .leaveLoop(max(1, arguments.first.flatMap { arithmetic($0) } ?? 1))
        case "continue": throw .nextRound(max(1, arguments.first.flatMap { arithmetic($0) } ?? 1))
        case "set": setOptions(arguments)
        case "shift": shift(arguments.first.map { arithmetic($0) } ?? 1)
        case "unset": unset(arguments)
        case "local", "declare", "typeset", "export", "readonly":
            try declare(name, arguments, declarations)
        case "read": try read(arguments)
        case "let":
            var last: Int? = 0
            for argument in arguments { last = arithmetic(argument) }
            try checkUnset()
            status = last.map { .known($0 == 0 ? 1 : 0) } ?? .unknown("let succeeds")
        case "eval": try eval(arguments)
        case ".", "source": try source(arguments)
        case "exec":
            guard arguments.isEmpty else {
                try runCommand(invocation(arguments, Array(ranges.dropFirst()), range))
                throw .leaveShell
            }
            status = .success
        case "command" where arguments.first?.knownString.map { $0 == "-v" || $0 == "-V" } ?? false,
            "type", "hash", "which":
            find(name, arguments)
        case "cd", "pushd", "popd":
            changeFolder(name == "popd" ? nil : arguments.last)
            status = .success
        case "pwd":
            print(value(of: "PWD") ?? ShellText())
            print(ShellText("\n"))
            status = .success
        case "shopt":
            setPatterns(arguments)
            status = .success
        case "umask", "ulimit", "wait", "alias", "unalias", "enable",
            "bind", "history", "jobs", "disown", "times", "sleep":
            status = .success
            if name == "sleep" || name == "wait" { hasWaited = true }
        case "trap": trap(arguments)
        case "getopts": findOption(arguments)
        case "mapfile", "readarray": try readLines(arguments)
        default: return false
        }
        return true
    }

    /// `test` and `[ … ]`
    private mutating func judge(_ arguments: [ShellText]) {
        isTestWrong = false
        let holds = evaluate(arguments)
        status = .known(isTestWrong ? 2 : holds ? 0 : 1)
    }

    /// The status that `exit` and `return` are given, in one byte.
    private mutating func setStatus(_ arguments: [ShellText]) {
        guard let word = arguments.first else { return }
        guard let text = word.knownString else {
            status = .unknown("\(word.shown) is 0")
            return
        }
        status = .known(Int(text).map { $0 & 0xFF } ?? 2)
    }

    private mutating func setOptions(_ arguments: [ShellText]) {
        status = .success
        var rest = arguments[...]
        while let argument = rest.first {
            guard let text = argument.knownString, let sign = text.first, sign == "-" || sign == "+",
                text.count > 1, text != "--"
            else {
                if argument.knownString == "--" { rest.removeFirst() }
                (state.arguments, state.optionLetter) = (Array(rest), 1)
                return
            }
            rest.removeFirst()
            for letter in text.dropFirst() {
                state.options.set(letter: letter, sign == "-")
                if letter == "o", let name = rest.popFirst()?.knownString {
                    state.options.set(name: name, sign == "-")
                }
            }
        }
    }

    private mutating func shift(_ count: Int?) {
        status = .success
        let count = max(0, count ?? 1)
        if let arguments = state.arguments {
            if count > arguments.count {
                status = .known(1)
            } else {
                state.arguments = Array(arguments.dropFirst(count))
            }
        } else {
            state.shifted += min(count, 1_000)
        }
    }

    private mutating func unset(_ arguments: [ShellText]) {
        status = .success
        let options = arguments.compactMap(\.knownString).filter { $0.hasPrefix("-") }
        for argument in arguments {
            guard let given = argument.knownString, !given.hasPrefix("-") else { continue }
            let name = state.target(given)
            if options.contains("-n") {
                state.references[given] = nil
            } else if options.contains("-f") {
                state.functions[name] = nil
            } else if name.hasSuffix("]"), let open = name.firstIndex(of: "[") {
                removeElement(
                    String(name[..<open]),
                    ShellText(String(name[name.index(after: open)...].dropLast()))
                )
            } else if state.variables.removeValue(forKey: name) != nil || options.contains("-v")
                || state.functions.removeValue(forKey: name) == nil
            {
                state.unset.insert(name)
                state.exported.remove(name)
            }
        }
    }

    /// `unset 'NAME[INDEX]'`
    private mutating func removeElement(_ name: String, _ key: ShellText) {
        switch state.variables[name] {
        case .table(var table):
            table.remove(key.shown)
            state.variables[name] = .table(table)
        case .list(var list):
            guard let index = arithmetic(key) else { return }
            list.remove(index)
            state.variables[name] = .list(list)
        case .single, nil: break
        }
    }

    private mutating func declare(
        _ command: String,
        _ arguments: [ShellText],
        _ declarations: [ShellAssignment]
    ) throws(ShellStop) {
        let options = arguments.compactMap(\.knownString).filter { $0.hasPrefix("-") }
        let isGlobal = options.contains { $0.contains("g") }
        let isLocal = command != "export" && command != "readonly" && !isGlobal && !state.hidden.isEmpty
        let isExported = command == "export" || options.contains { $0.contains("x") }
        func hide(_ name: String) {
            guard isLocal else { return }
            if state.hidden[state.hidden.count - 1][name] == nil {
                state.hidden[state.hidden.count - 1][name] = state.kept(name)
            }
            state.references[name] = nil
        }
        for argument in arguments {
            guard let text = argument.knownString, !text.hasPrefix("-") else { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            hide(name)
            if isExported { state.exported.insert(name) }
            if parts.count > 1 {
                set(name, ShellText(String(parts[1])))
            } else if options.contains(where: { $0.contains("A") }) {
                state.variables[name] = .table(ShellTable())
            } else if options.contains(where: { $0.contains("a") }) {
                state.variables[name] = .list(ShellList())
            } else if isLocal {
                state.variables[name] = nil
                state.unset.insert(name)
            }
        }
        substitutionStatus = nil
        let areNames = options.contains { $0.contains("n") && !$0.contains("x") } && command != "export"
        for declaration in declarations {
            hide(declaration.name)
            if isExported { state.exported.insert(declaration.name) }
            if areNames {
                try declareName(declaration)
                continue
            }
            if options.contains(where: { $0.contains("A") }) {
                state.variables[declaration.name] = .table(ShellTable())
            } else if isLocal, !declaration.isAppending {
                // A new one, whatever has the name outside.
                state.variables[declaration.name] = nil
            }
            try assign(declaration)
            if options.contains(where: { $0.contains("i") }) { compute(declaration.name) }
        }
        status = .success
    }

    /// `local -n`: a name that stands for another.
    private mutating func declareName(_ declaration: ShellAssignment) throws(ShellStop) {
        guard case .single(let word) = declaration.value else { return }
        let other = try text(word)
        if let name = other.knownString, Self.isName(name), name != declaration.name {
            state.references[declaration.name] = name
            return
        }
        note(
            "unread",
            "\(declaration.name) is another name for \(other.shown), which is not followed: both may be anything"
        )
        set(declaration.name, ShellText(unknown: Unknown("$\(declaration.name)")))
        if let name = other.knownString { set(name, ShellText(unknown: Unknown("$\(name)"))) }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, ShellParser.isNameStart(first) else { return false }
        return text.utf8.allSatisfy(ShellParser.isNamePart)
    }

    /// `shopt -s extglob`
    private mutating func setPatterns(_ arguments: [ShellText]) {
        let words = arguments.compactMap(\.knownString)
        guard words.contains("extglob") else { return }
        if words.contains("-s") { state.options.hasExtendedPatterns = true }
        if words.contains("-u") { state.options.hasExtendedPatterns = false }
    }

    /// `command -v iptables`: a command that the runner or the shell knows is taken to be there.
    private mutating func find(_ name: String, _ arguments: [ShellText]) {
        guard let wanted = arguments.last(where: { !($0.knownString?.hasPrefix("-") ?? false) }) else {
            status = .success
            return
        }
        let before = printed
        if name == "type", arguments.first?.knownString == "-t", let text = wanted.knownString {
            if let kind = kind(ofCommand: text) {
                print(ShellText(kind + "\n"))
                status = .success
                return
            }
            print(ShellText("file"))
        } else {
            print(wanted)
        }
        print(ShellText("\n"))
        if let text = wanted.knownString, name != "which", kind(ofCommand: text) != nil {
            status = .success
        } else {
            let question = "\(name == "command" ? "command -v" : name) \(wanted.shown)"
            status = .unknown(question)
            lookup = Lookup(question: question, before: before, after: printed)
        }
    }

    /// `function` or `builtin`; nil when the host says whether there is such a command.
    private func kind(ofCommand name: String) -> String? {
        if state.functions[name] != nil { return "function" }
        return Self.builtins.contains(name) ? "builtin" : nil
    }

    private static var builtins: Set<String> {
        [
            ":", "true", "false", "echo", "printf", "test", "[", "exit", "return", "break", "continue", "set",
            "shift", "unset", "local", "declare", "typeset", "export", "readonly", "read", "let", "eval", ".",
            "source", "exec", "command", "type", "hash", "cd", "pwd", "trap", "getopts", "mapfile", "wait",
        ]
    }

    private mutating func eval(_ arguments: [ShellText]) throws(ShellStop) {
        let text = ShellText.joined(arguments)
        guard let bytes = text.known else {
            note("unread", "eval of \(text.shown) is not evaluated: it may do anything")
            status = .unknown("`eval \(text.shown)` succeeds")
            return
        }
        try run(text: bytes)
    }

    /// Text that becomes commands only now.
    mutating func run(text bytes: [UInt8], after before: ShellStatus = .success) throws(ShellStop) {
        var parser = ShellParser(bytes, hereDocuments: hereDocuments, range: range)
        let (statements, error) = parser.readAll()
        hereDocuments = parser.hereDocuments
        status = before
        try run(statements)
        if let error {
            notes.append(ShellNote(isError: true, error: error))
            status = .known(2)
        }
    }

    /// `trap COMMANDS EXIT`, and `ERR`
    private mutating func trap(_ arguments: [ShellText]) {
        status = .success
        let signals = arguments.dropFirst().compactMap(\.knownString)
        if signals.contains("ERR"), let text = arguments.first {
            if !text.isKnown { note("unread", "what is to be run at an error is not known: \(text.shown)") }
            state.atError = text.isEmpty || text.knownString == "-" ? nil : text
        }
        guard signals.contains(where: { ["EXIT", "0"].contains($0.uppercased()) }) else { return }
        atExit = arguments.first.flatMap { $0.knownString == "-" ? nil : $0 }
    }
}

extension ShellText {
    static func joined(_ texts: [ShellText]) -> ShellText {
        var result = ShellText()
        for (number, text) in texts.enumerated() {
            if number > 0 { result.append(UInt8(ascii: " ")) }
            result.append(text)
        }
        return result
    }
}
