import Diagnostics

/// Scripts that the script runs: those that it wrote itself are followed.
extension ShellEvaluator {
    /// `. FILE`
    mutating func source(_ arguments: [ShellText]) throws(ShellStop) {
        guard let path = arguments.first else {
            status = .known(2)
            return
        }
        guard let bytes = contents(of: path).known, isWritten(path) else {
            if let reply = runner.run(invocation([ShellText("."), path], [range, range], range)) {
                status = reply.status
            } else {
                note("unread.file", "\(path.shown) is not read: names that it sets are not known")
                status = .unknown("\(path.shown) is there")
            }
            return
        }
        let saved = state.arguments
        if arguments.count > 1 { state.arguments = Array(arguments.dropFirst()) }
        state.sourced += 1
        defer {
            state.sourced -= 1
            if arguments.count > 1 { state.arguments = saved }
        }
        do throws(ShellStop) {
            try run(text: bytes)
        } catch {
            guard case .leaveFunction = error else { throw error }
        }
    }

    private func isWritten(_ path: ShellText) -> Bool {
        if path.knownString == "/dev/null" { return true }
        if case .text = file(path) { return true }
        return false
    }

    /// `./x`, or a name in one of the folders of programs, that the script wrote before.
    mutating func runOwnScript(_ invocation: ShellInvocation) throws(ShellStop) -> Bool {
        guard !files.isEmpty else { return false }
        let path = invocation.words[0]
        var candidates = [path]
        if let name = path.knownString, !name.contains("/") {
            candidates = Self.programFolders.map { ShellText("\($0)/\(name)") }
        }
        for candidate in candidates {
            guard case .text(let text) = file(candidate), let bytes = text.known else { continue }
            let line = Self.firstLine(bytes)
            guard !line.hasPrefix("#!") || Self.isShell(line) else { return false }
            try runApart(
                bytes,
                name: candidate,
                Array(invocation.words.dropFirst()),
                options: ShellScript.options(firstLine: line),
                isBash: ShellScript.isBash(firstLine: line)
            )
            return true
        }
        return false
    }

    private static var programFolders: [String] {
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    }

    private static func firstLine(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func isShell(_ line: String) -> Bool {
        line.split(whereSeparator: { " /!#".contains($0) }).contains { shells.contains(String($0)) }
    }

    static var shells: Set<String> { ["sh", "bash", "dash", "ash", "ksh"] }

    /// `sh -c TEXT`, `sh FILE`, and `sh` alone, which runs what it reads; false when that is not known.
    mutating func runShell(_ shell: String, _ arguments: ArraySlice<ShellText>) throws(ShellStop) -> Bool {
        var rest = arguments
        var options = ShellOptions()
        var isText = false
        while let word = rest.first?.knownString, let sign = word.first, sign == "-" || sign == "+",
            word.count > 1
        {
            rest.removeFirst()
            if word == "--" || word == "-s" { break }
            if word.hasPrefix("--") { continue }
            for letter in word.dropFirst() {
                if letter == "c" { isText = true }
                options.set(letter: letter, sign == "-")
                if letter == "o", let name = rest.popFirst()?.knownString {
                    options.set(name: name, sign == "-")
                }
            }
        }
        let isBash = shell == "bash" || shell == "ksh"
        if isText {
            guard let text = rest.popFirst()?.known else { return false }
            let name = rest.popFirst()
            try runApart(text, name: name, Array(rest), options: options, isBash: isBash, unboundStatus: 127)
            return true
        }
        if let path = rest.popFirst() {
            guard case .text(let text) = file(path), let bytes = text.known else { return false }
            try runApart(bytes, name: path, Array(rest), options: options, isBash: isBash)
            return true
        }
        guard let bytes = input?.text.known else { return false }
        _ = input?.rest()
        try runApart(bytes, name: ShellText(shell), [], options: options, isBash: isBash)
        return true
    }

    /// By a shell of its own, which knows what is exported.
    private mutating func runApart(
        _ bytes: [UInt8],
        name: ShellText?,
        _ arguments: [ShellText],
        options: ShellOptions,
        isBash: Bool,
        unboundStatus: Int = 1
    ) throws(ShellStop) {
        let (saved, savedBash, savedTrap) = (state, self.isBash, atExit)
        var inner = ShellState()
        inner.exported = state.exported
        inner.folder = state.folder
        inner.unset = state.unset
        for (name, variable) in state.variables {
            if state.exported.contains(name) || Self.inherited.contains(name) {
                inner.variables[name] = variable
            } else if !Self.ownNames.contains(name) {
                inner.unset.insert(name)
            }
        }
        (inner.options, inner.arguments, inner.name) = (options, arguments, name)
        inner.unboundStatus = unboundStatus
        (state, self.isBash, atExit) = (inner, isBash, nil)
        defer { (state, self.isBash, atExit) = (saved, savedBash, savedTrap) }
        try stayingInside { evaluator throws(ShellStop) in try evaluator.run(text: bytes) }
        try runTrap()
    }

    /// The environment has these, so that a value that the script gives them goes on.
    private static var inherited: Set<String> {
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TERM", "SHELL"]
    }

    /// Each shell sets these itself.
    private static var ownNames: Set<String> { ["IFS", "OPTIND", "PWD", "UID", "EUID"] }
}
