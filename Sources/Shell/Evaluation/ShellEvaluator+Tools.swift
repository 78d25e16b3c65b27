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
            let isAppending = arguments.contains { ["-a", "--append"].contains($0.knownString) }
            for argument in arguments where argument.bytes.first != UInt8(ascii: "-") {
                put(text, in: argument, isAppending: isAppending)
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
        case let name where Self.shells.contains(String(name)):
            return try runShell(String(name), arguments)
        case "basename":
            let words = arguments.compactMap(\.knownString)
            guard words.count == arguments.count, (1...2).contains(words.count), !words[0].hasPrefix("-")
            else { return false }
            var name = words[0].split(separator: "/").last.map(String.init) ?? "/"
            if words.count == 2, name.hasSuffix(words[1]), name != words[1] {
                name.removeLast(words[1].count)
            }
            print(ShellText(name + "\n"))
        case "xargs": return try runWords(Array(arguments))
        case "expr":
            guard let value = expression(Array(arguments)) else { return false }
            print(ShellText("\(value)\n"))
            status = .known(value == 0 ? 1 : 0)
            return true
        case "dirname":
            guard arguments.count == 1, let text = arguments.first?.knownString,
                let slash = text.lastIndex(of: "/")
            else { return false }
            print(ShellText(String(slash == text.startIndex ? "/" : text[..<slash]) + "\n"))
        case let name: return runTextTool(String(name), Array(arguments)) || runFileTool(name, arguments)
        }
        status = .success
        return true
    }

    private func textTool(_ name: String, _ arguments: [ShellText]) -> (any TextTool)? {
        switch name {
        case "grep", "egrep", "fgrep": GrepTool(name, arguments)
        case "sed": SedTool(arguments)
        case "awk", "gawk", "mawk": AwkTool(arguments)
        case "cut": CutTool(arguments)
        case "tr": TranslateTool(arguments)
        case "head": HeadTool(arguments)
        case "tail": TailTool(arguments)
        case "wc": CountTool(arguments)
        case "sort":
            SortTool(
                arguments,
                isByBytes: ["C", "POSIX"].contains(state.variables["LC_ALL"]?.text?.knownString)
            )
        case "uniq": UniqueTool(arguments)
        case "tac": BackwardsTool(arguments)
        case "paste": PasteTool(arguments)
        default: nil
        }
    }

    /// A filter whose words and input are known.
    private mutating func runTextTool(_ name: String, _ arguments: [ShellText]) -> Bool {
        guard let tool = textTool(name, arguments) else { return false }
        var text = ShellText()
        if tool.files.isEmpty {
            guard let input else { return false }
            text = input.text
        }
        for file in tool.files { text.append(contents(of: file)) }
        guard let bytes = text.known else {
            guard let grep = tool as? GrepTool, grep.isSatisfied(by: text) else { return false }
            if tool.files.isEmpty { _ = input?.rest() }
            status = .success
            return true
        }
        guard let result = tool.run(bytes) else { return false }
        if tool.files.isEmpty { _ = input?.rest() }
        commands += bytes.count / 1_000
        if let sed = tool as? SedTool, sed.isInPlace {
            guard let file = sed.files.first else { return false }
            put(ShellText(result.output), in: file)
        } else {
            print(ShellText(result.output))
        }
        status = .known(result.status)
        return true
    }

    /// `expr 1 + 2`
    private func expression(_ arguments: [ShellText]) -> Int? {
        let words = arguments.compactMap(\.knownString)
        guard words.count == 3, arguments.count == 3, let left = Int(words[0]), let right = Int(words[2])
        else {
            return nil
        }
        switch words[1] {
        case "+": return left &+ right
        case "-": return left &- right
        case "*": return left &* right
        case "/" where right != 0: return left.dividedReportingOverflow(by: right).partialValue
        case "%" where right != 0: return left.remainderReportingOverflow(dividingBy: right).partialValue
        default: return nil
        }
    }
}
