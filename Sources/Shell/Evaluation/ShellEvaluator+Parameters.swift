import Diagnostics

/// What stands behind a `$`.
extension ShellEvaluator {
    /// The value of a name without anything done to it; nil when it has none.
    mutating func value(of given: String) -> ShellText? {
        let name = state.target(given)
        if let variable = state.variables[name] { return variable.text.map(resolved) }
        if state.unset.contains(name) { return nil }
        switch name {
        case "?":
            if case .known(let value) = status { return ShellText(String(value)) }
            return ShellText(unknown: Unknown("$?"))
        case "#":
            guard let arguments = state.arguments else { return stable("$#") }
            return ShellText(String(arguments.count))
        case "0": return state.name ?? ShellText(unknown: Unknown("$0", run: Int.max))
        // One shell has one number.
        case "$": return ShellText(unknown: Unknown("$$", run: Int.max))
        case "RANDOM", "SECONDS", "EPOCHSECONDS", "SRANDOM", "!", "LINENO", "BASHPID":
            return ShellText(unknown: Unknown("$\(name)", run: nextRun()))
        case "-", "_": return ShellText(unknown: Unknown("$\(name)"))
        case "IFS": return ShellText(" \t\n")
        case "OPTIND": return ShellText("1")
        case "PWD":
            return state.folder.bytes.first == UInt8(ascii: "/") ? state.folder : stable("$PWD")
        case "PIPESTATUS": return variable(name)?.text
        // Only root changes rules.
        case "UID", "EUID": return ShellText("0")
        default: break
        }
        guard let number = Int(name) else { return stable("$\(name)") }
        guard let arguments = state.arguments else { return stable("$\(number &+ state.shifted)") }
        return number >= 1 && number <= arguments.count ? arguments[number - 1] : nil
    }

    /// The value of a name with all its elements.
    func variable(_ given: String) -> ShellVariable? {
        let name = state.target(given)
        guard name == "PIPESTATUS" else { return state.variables[name] }
        var list = ShellList()
        for status in state.pipeStatus {
            switch status {
            case .known(let value): list.append(ShellText(String(value)))
            case .unknown: list.append(ShellText(unknown: Unknown("${PIPESTATUS[@]}")))
            }
        }
        return .list(list)
    }

    private func stable(_ name: String) -> ShellText {
        resolved(ShellText(unknown: Unknown(name, isStable: true)))
    }

    /// With what was assumed put in.
    func resolved(_ text: ShellText) -> ShellText {
        guard !text.isKnown, !bindings.isEmpty else { return text }
        return text.replacingGaps { bindings[$0.name] }
    }

    /// What stands in the place of a parameter.
    enum Outcome {
        case text(ShellText)
        /// The word after `:-` or `:+`, which is expanded where it stands.
        case word(ShellWord)
    }

    /// `${name…}` where it is one value.
    mutating func outcome(of parameter: ShellParameter) throws(ShellStop) -> Outcome {
        var name = state.target(parameter.name)
        if parameter.isIndirect, name != parameter.name { return .text(ShellText(name)) }
        if parameter.isIndirect {
            guard let other = value(of: name)?.knownString else {
                return .text(ShellText(unknown: Unknown(parameter.shown)))
            }
            name = other
        }
        var found: ShellText?
        if parameter.isIndirect, name.hasSuffix("]"), let open = name.firstIndex(of: "[") {
            let key = ShellText(String(name[name.index(after: open)...].dropLast()))
            name = String(name[..<open])
            found = element(name, key)
        } else if case .one(let index) = parameter.index {
            let key = try text(index)
            if variable(name) == nil, !state.unset.contains(name) {
                found = ShellText(unknown: Unknown(parameter.shown))
            } else {
                found = element(name, key)
            }
        } else {
            found = value(of: name)
        }
        if state.options.stopsAtUnset { try demand(parameter, found) }
        if parameter.isLength {
            guard let known = (found ?? ShellText()).known else {
                return .text(ShellText(unknown: Unknown(parameter.shown)))
            }
            return .text(ShellText(String(String(decoding: known, as: UTF8.self).unicodeScalars.count)))
        }
        if case .instead(let letter, let alsoWhenEmpty, let word) = parameter.operation {
            return try instead(letter, alsoWhenEmpty, word, name, found)
        }
        return .text(try apply(parameter, to: found ?? ShellText()))
    }

    /// With `set -u` a name without a value ends the script, unless it says what stands in its place.
    private mutating func demand(_ parameter: ShellParameter, _ found: ShellText?) throws(ShellStop) {
        if case .instead = parameter.operation { return }
        guard let found else { throw unbound(parameter.name) }
        let name = "$\(parameter.name)"
        guard found.onlyUnknown.map({ $0.isStable && $0.name == name }) ?? false,
            !Self.alwaysSet.contains(parameter.name), parameter.index == nil
        else { return }
        guard decide("\(name) is set", about: found) else { throw unbound(parameter.name) }
    }

    /// What a shell or a login sets.
    private static var alwaysSet: Set<String> {
        [
            "#", "PATH", "HOME", "USER", "LOGNAME", "PWD", "OLDPWD", "SHELL", "TERM", "LANG", "HOSTNAME",
            "PPID", "SHLVL", "OSTYPE", "MACHTYPE", "HOSTTYPE", "BASH", "BASH_VERSION", "BASH_SOURCE",
            "FUNCNAME", "OPTARG",
        ]
    }

    mutating func unbound(_ name: String) -> ShellStop {
        note("unset", "\(name) has no value, and with `set -u` the script ends here")
        status = .known(state.unboundStatus)
        return .leaveShell
    }

    private mutating func instead(
        _ letter: UInt8,
        _ alsoWhenEmpty: Bool,
        _ word: ShellWord,
        _ name: String,
        _ found: ShellText?
    ) throws(ShellStop) -> Outcome {
        let isMissing: Bool
        if let found, !found.isKnown, found.onlyUnknown != nil || !alsoWhenEmpty {
            // A name of the environment may well not be set there: the script says what then.
            let unknown = found.onlyUnknown
            isMissing =
                unknown?.isStable == true && found.shown == "$\(name)"
                    && letter != UInt8(ascii: "?")
                ? decide("\(found.shown) is not set", about: found)
                : !decide("-n \(found.shown)", about: found)
            if isMissing, let unknown, unknown.isStable { bindings[unknown.name] = ShellText() }
        } else if let found {
            isMissing = alsoWhenEmpty && found.isEmpty
        } else {
            isMissing = true
        }
        switch letter {
        case UInt8(ascii: "+"): return isMissing ? .text(ShellText()) : .word(word)
        case UInt8(ascii: "?"):
            guard !isMissing else {
                status = .known(1)
                throw .leaveShell
            }
            return .text(found ?? ShellText())
        case UInt8(ascii: "="):
            guard isMissing else { return .text(found ?? ShellText()) }
            let value = try text(word)
            set(name, value)
            return .text(value)
        default: return isMissing ? .word(word) : .text(found ?? ShellText())
        }
    }

    /// What is done to one value: `%`, `/`, `:`, `^`.
    mutating func apply(_ parameter: ShellParameter, to found: ShellText) throws(ShellStop) -> ShellText {
        guard let operation = parameter.operation else { return found }
        let open = ShellText(unknown: Unknown(parameter.shown))
        switch operation {
        case .instead: return found
        case .trim(let fromEnd, let isLongest, let word):
            guard let bytes = found.known, let pattern = try pattern(word).known else { return open }
            let glob = GlobPattern(pattern, isExtended: state.options.hasExtendedPatterns)
            guard bytes.count <= glob.longestSearched else { return open }
            return ShellText(glob.trimmed(bytes, fromEnd: fromEnd, isLongest: isLongest))
        case .replace(let word, let replacement, let isGlobal, let anchor):
            guard let bytes = found.known, let pattern = try pattern(word).known,
                let text = try text(replacement).known
            else { return open }
            let glob = GlobPattern(pattern, isExtended: state.options.hasExtendedPatterns)
            guard bytes.count <= glob.longestSearched else { return open }
            return ShellText(glob.replaced(bytes, with: text, isGlobal: isGlobal, anchor: anchor))
        case .part(let from, let length):
            if case .all = parameter.index { return found }
            if parameter.name == "@" || parameter.name == "*" { return found }
            guard let bytes = found.known, let from = try number(from) else { return open }
            let start = from < 0 ? max(bytes.count + from, 0) : min(from, bytes.count)
            guard let length else { return ShellText(Array(bytes[start...])) }
            guard let count = try number(length) else { return open }
            let end = count < 0 ? bytes.count + count : min(start + min(count, bytes.count), bytes.count)
            return ShellText(Array(bytes[start..<max(start, end)]))
        case .recase(let isUpper, let isAll):
            guard let text = found.knownString else { return open }
            let head = isAll ? text[...] : text.prefix(1)
            return ShellText((isUpper ? head.uppercased() : head.lowercased()) + text.dropFirst(head.count))
        case .other: return open
        }
    }
}
