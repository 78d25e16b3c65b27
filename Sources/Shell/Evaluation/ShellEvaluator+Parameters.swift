import Diagnostics

/// What stands behind a `$`.
extension ShellEvaluator {
    /// The value of a name without anything done to it; nil when it has none.
    mutating func value(of name: String) -> ShellText? {
        if let variable = state.variables[name] { return variable.text.map(resolved) }
        if state.unset.contains(name) { return nil }
        switch name {
        case "?":
            if case .known(let value) = status { return ShellText(String(value)) }
            return ShellText(unknown: Unknown("$?"))
        case "#":
            guard let arguments = state.arguments else { return stable("$#") }
            return ShellText(String(arguments.count))
        case "0", "$", "!", "-", "_", "RANDOM", "SECONDS", "LINENO":
            return ShellText(unknown: Unknown("$\(name)"))
        case "IFS": return ShellText(" \t\n")
        // Only root changes rules.
        case "UID", "EUID": return ShellText("0")
        default: break
        }
        guard let number = Int(name) else { return stable("$\(name)") }
        guard let arguments = state.arguments else { return stable("$\(number &+ state.shifted)") }
        return number >= 1 && number <= arguments.count ? arguments[number - 1] : nil
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
        var name = parameter.name
        if parameter.isIndirect {
            guard let other = value(of: name)?.knownString else {
                return .text(ShellText(unknown: Unknown(parameter.shown)))
            }
            name = other
        }
        var found: ShellText?
        if case .one(let index) = parameter.index {
            let key = try text(index)
            if state.variables[name] == nil, !state.unset.contains(name) {
                found = ShellText(unknown: Unknown(parameter.shown))
            } else {
                found = element(name, key)
            }
        } else {
            found = value(of: name)
        }
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
                ? decide("\(found.shown) is not set") : !decide("-n \(found.shown)")
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
            return ShellText(GlobPattern(pattern).trimmed(bytes, fromEnd: fromEnd, isLongest: isLongest))
        case .replace(let word, let replacement, let isGlobal, let anchor):
            guard let bytes = found.known, let pattern = try pattern(word).known,
                let text = try text(replacement).known, bytes.count <= GlobPattern.longestSearched
            else { return open }
            return ShellText(
                GlobPattern(pattern).replaced(bytes, with: text, isGlobal: isGlobal, anchor: anchor)
            )
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
