import Diagnostics

/// Programs that only make text of text, where that is easily said.
extension ShellEvaluator {
    /// Whether the command is one of them and what it prints is known in this case.
    mutating func runKnownTool(_ invocation: ShellInvocation) throws(ShellStop) -> Bool {
        guard let path = invocation.words[0].knownString else { return false }
        let arguments = invocation.words.dropFirst()
        switch path.split(separator: "/").last ?? "" {
        case "cat":
            guard arguments.allSatisfy({ $0.bytes.first != UInt8(ascii: "-") || $0.bytes.count == 1 }) else {
                return false
            }
            var text = ShellText()
            if arguments.isEmpty {
                guard input != nil else { return false }
                text = input?.rest() ?? ShellText()
            }
            for argument in arguments {
                if argument.knownString == "-" {
                    text.append(input?.rest() ?? ShellText(unknown: Unknown("standard input")))
                } else {
                    text.append(contents(of: argument))
                }
            }
            print(text)
        case "tee":
            guard let text = input?.rest() else { return false }
            for argument in arguments where argument.bytes.first != UInt8(ascii: "-") {
                let words = [ShellText(">"), argument]
                if let name = argument.knownString { files[name] = text }
                runner.write(text, to: argument, by: self.invocation(words, [range, range], range))
            }
            print(text)
        case "seq":
            let numbers = arguments.map { $0.knownString.flatMap { Int($0) } }
            guard (1...3).contains(numbers.count), let values = numbers as? [Int] else { return false }
            let first = values.count == 1 ? 1 : values[0]
            let step = values.count == 3 ? values[1] : 1
            guard step != 0, let last = values.last, first.magnitude < 1 << 40, last.magnitude < 1 << 40,
                (last - first) / step < BraceExpansion.most
            else { return false }
            var text = ShellText()
            for number in stride(from: first, through: last, by: step) { text.append("\(number)\n".utf8) }
            print(text)
        case "id" where arguments.map(\.knownString) == ["-u"]: print(ShellText("0\n"))
        case "whoami" where arguments.isEmpty: print(ShellText("root\n"))
        case "sh", "bash", "dash", "ash":
            guard arguments.first?.knownString == "-c", let text = arguments.dropFirst().first?.known else {
                return false
            }
            let saved = state
            state.arguments = Array(arguments.dropFirst(3))
            defer { state = saved }
            do throws(ShellStop) {
                try run(text: text)
            } catch {
                if case .limit = error { throw error }
            }
            return true
        case "basename":
            let words = arguments.compactMap(\.knownString)
            guard words.count == arguments.count, (1...2).contains(words.count), !words[0].hasPrefix("-")
            else { return false }
            var name = words[0].split(separator: "/").last.map(String.init) ?? "/"
            if words.count == 2, name.hasSuffix(words[1]), name != words[1] {
                name.removeLast(words[1].count)
            }
            print(ShellText(name + "\n"))
        case "grep": return grep(Array(arguments))
        case "dirname":
            guard arguments.count == 1, let text = arguments.first?.knownString,
                let slash = text.lastIndex(of: "/")
            else { return false }
            print(ShellText(String(slash == text.startIndex ? "/" : text[..<slash]) + "\n"))
        default: return false
        }
        status = .success
        return true
    }

    /// `grep [-qvFix] WORD` of known text, where the pattern is a plain word but for `^` and `$` at its ends.
    private mutating func grep(_ arguments: [ShellText]) -> Bool {
        var options: Set<Character> = []
        var words: [String] = []
        for argument in arguments {
            guard let word = argument.knownString else { return false }
            if words.isEmpty, word.hasPrefix("-"), word.count > 1 {
                options.formUnion(word.dropFirst())
            } else {
                words.append(word)
            }
        }
        guard words.count == 1, options.isSubset(of: "qvFixE"), let text = input?.text, text.isKnown else {
            return false
        }
        var pattern = words[0][...]
        let isAtStart = !options.contains("F") && pattern.hasPrefix("^")
        if isAtStart { pattern.removeFirst() }
        let isAtEnd = !options.contains("F") && pattern.hasSuffix("$")
        if isAtEnd { pattern.removeLast() }
        let isPlain = pattern.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || " ,:/_-=".contains($0))
        }
        guard !pattern.isEmpty, isPlain || options.contains("F"), !options.contains("i") || isPlain else {
            return false
        }
        let word = options.contains("i") ? pattern.lowercased() : String(pattern)
        let isWhole = options.contains("x") || isAtStart && isAtEnd
        func matches(_ line: String) -> Bool {
            if isWhole { return line == word }
            if isAtStart { return line.hasPrefix(word) }
            return isAtEnd ? line.hasSuffix(word) : line.contains(word)
        }
        _ = input?.rest()
        let found = text.lines.compactMap(\.knownString).filter { line in
            matches(options.contains("i") ? line.lowercased() : line) != options.contains("v")
        }
        if !options.contains("q") { print(ShellText(found.map { $0 + "\n" }.joined())) }
        status = .known(found.isEmpty ? 1 : 0)
        return true
    }
}
