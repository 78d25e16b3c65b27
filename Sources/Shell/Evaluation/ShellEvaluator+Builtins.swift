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
                set(name, formatted(Array(arguments.dropFirst(2))))
            } else {
                print(formatted(arguments))
            }
            status = .success
        case "test": status = .known(evaluate(arguments) ? 0 : 1)
        case "[":
            let inner = arguments.last?.knownString == "]" ? Array(arguments.dropLast()) : arguments
            status = .known(evaluate(inner) ? 0 : 1)
        case "exit":
            if let value = arguments.first.map({ arithmetic($0) }) {
                status = value.map { .known($0) } ?? status
            }
            throw .leaveShell
        case "return":
            if let value = arguments.first.map({ arithmetic($0) }) {
                status = value.map { .known($0) } ?? status
            }
            throw state.arguments == nil ? .leaveShell : .leaveFunction
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
            status = last.map { .known($0 == 0 ? 1 : 0) } ?? .unknown("let succeeds")
        case "eval": try eval(arguments)
        case ".", "source": try source(arguments)
        case "exec":
            guard arguments.isEmpty else {
                try runCommand(invocation(arguments, Array(ranges.dropFirst()), range))
                throw .leaveShell
            }
        case "command" where arguments.first?.knownString.map { $0 == "-v" || $0 == "-V" } ?? false,
            "type", "hash", "which":
            find(name, arguments)
        case "cd", "umask", "ulimit", "wait", "alias", "unalias", "shopt", "pushd", "popd", "enable",
            "bind", "history", "jobs", "disown", "times", "sleep":
            status = .success
            if name == "sleep" || name == "wait" { hasWaited = true }
        case "trap": trap(arguments)
        case "getopts": status = .unknown("getopts finds an option")
        case "mapfile", "readarray":
            note("unread", "\(name) is not evaluated")
            status = .success
        default: return false
        }
        return true
    }

    private mutating func setOptions(_ arguments: [ShellText]) {
        status = .success
        for (number, argument) in arguments.enumerated() {
            guard let text = argument.knownString, let sign = text.first, sign == "-" || sign == "+",
                text.count > 1
            else {
                state.arguments = Array(arguments[number...])
                return
            }
            if text == "--" {
                state.arguments = Array(arguments[(number + 1)...])
                return
            }
            if text == "-o" || text == "+o" {
                if arguments.dropFirst(number + 1).first?.knownString == "errexit" {
                    state.stopsAtErrors = sign == "-"
                }
                if number + 2 < arguments.count { setOptions(Array(arguments[(number + 2)...])) }
                return
            }
            if text.contains("e") { state.stopsAtErrors = sign == "-" }
            if text.hasSuffix("o"), number + 1 < arguments.count {
                if number + 2 < arguments.count { setOptions(Array(arguments[(number + 2)...])) }
                return
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
        for argument in arguments {
            guard let name = argument.knownString, !name.hasPrefix("-") else { continue }
            if state.variables.removeValue(forKey: name) == nil,
                state.functions.removeValue(forKey: name) != nil
            {
                continue
            }
            state.unset.insert(name)
        }
    }

    private mutating func declare(
        _ command: String,
        _ arguments: [ShellText],
        _ declarations: [ShellAssignment]
    ) throws(ShellStop) {
        let isLocal = command != "export" && command != "readonly" && !state.hidden.isEmpty
        let options = arguments.compactMap(\.knownString).filter { $0.hasPrefix("-") }
        func hide(_ name: String) {
            guard isLocal, state.hidden[state.hidden.count - 1][name] == nil else { return }
            state.hidden[state.hidden.count - 1].updateValue(state.variables[name], forKey: name)
        }
        for argument in arguments {
            guard let text = argument.knownString, !text.hasPrefix("-") else { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            hide(name)
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
            if areNames {
                try declareName(declaration)
                continue
            }
            if options.contains(where: { $0.contains("A") }) {
                state.variables[declaration.name] = .table(ShellTable())
            }
            try assign(declaration)
        }
        status = .success
    }

    /// `local -n`: a name that stands for another; what is done by it is not followed.
    private mutating func declareName(_ declaration: ShellAssignment) throws(ShellStop) {
        guard case .single(let word) = declaration.value else { return }
        let other = try text(word)
        note(
            "unread",
            "\(declaration.name) stands for \(other.shown), which is not followed: both may be anything"
        )
        set(declaration.name, ShellText(unknown: Unknown("$\(declaration.name)")))
        if let name = other.knownString { set(name, ShellText(unknown: Unknown("$\(name)"))) }
    }

    /// `command -v iptables`: a command that the runner or the shell knows is taken to be there.
    private mutating func find(_ name: String, _ arguments: [ShellText]) {
        guard let wanted = arguments.last(where: { !($0.knownString?.hasPrefix("-") ?? false) }) else {
            status = .success
            return
        }
        let before = printed
        print(wanted)
        print(ShellText("\n"))
        if let text = wanted.knownString, state.functions[text] != nil {
            status = .success
        } else {
            let question = "\(name == "command" ? "command -v" : name) \(wanted.shown)"
            status = .unknown(question)
            lookup = Lookup(question: question, before: before, after: printed)
        }
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
    mutating func run(text bytes: [UInt8]) throws(ShellStop) {
        var parser = ShellParser(bytes, hereDocuments: hereDocuments, range: range)
        let (statements, error) = parser.readAll()
        hereDocuments = parser.hereDocuments
        status = .success
        try run(statements)
        if let error {
            notes.append(ShellNote(isError: true, error: error))
            status = .known(2)
        }
    }

    /// `trap COMMANDS EXIT`
    private mutating func trap(_ arguments: [ShellText]) {
        status = .success
        let signals = arguments.dropFirst().compactMap(\.knownString)
        if signals.contains("ERR"), let text = arguments.first, !text.isEmpty, text.knownString != "-" {
            note("unread", "what is to be run at an error is not followed: \(text.shown)")
        }
        guard signals.contains(where: { ["EXIT", "0"].contains($0.uppercased()) }) else { return }
        atExit = arguments.first.flatMap { $0.knownString == "-" ? nil : $0 }
    }

    private mutating func source(_ arguments: [ShellText]) throws(ShellStop) {
        guard let path = arguments.first else { return }
        if let bytes = contents(of: path).known { return try run(text: bytes) }
        note("unread.file", "\(path.shown) is not read: names that it sets are not known")
        status = .unknown("\(path.shown) is there")
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
