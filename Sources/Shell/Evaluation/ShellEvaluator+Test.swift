import Diagnostics

/// `test`, `[ … ]`, `[[ … ]]` and `case`: what can be known is, the rest is asked as a question that is put so that it
/// holds on a host where the script does its work.
extension ShellEvaluator {
    /// `[[ … ]]`
    mutating func evaluate(_ test: ShellTest) throws(ShellStop) -> Bool {
        switch test {
        case .not(let inner): return try !evaluate(inner)
        case .and(let left, let right): return try evaluate(left) ? evaluate(right) : false
        case .or(let left, let right): return try evaluate(left) ? true : evaluate(right)
        case .words(let words):
            var texts: [ShellText] = []
            for (number, word) in words.enumerated() {
                let isComparison = number == 2 && words.count == 3
                switch isComparison ? texts[1].knownString : nil {
                case "==", "=", "!=": texts.append(try pattern(word))
                case "=~": return matches(texts[0], expression: try expression(word), shown(word))
                default: texts.append(try text(word))
                }
            }
            return judge(texts, isDouble: true)
        }
    }

    /// The words between the brackets of `[ … ]`.
    mutating func evaluate(_ words: [ShellText]) -> Bool {
        var test = TestWords(words: words[...])
        return or(&test, depth: 0)
    }

    private struct TestWords {
        var words: ArraySlice<ShellText>

        func has(_ word: String) -> Bool { words.first?.knownString == word }
    }

    private mutating func or(_ test: inout TestWords, depth: Int) -> Bool {
        var holds = and(&test, depth)
        while test.has("-o") {
            test.words.removeFirst()
            let right = and(&test, depth)
            holds = holds || right
        }
        return holds
    }

    private mutating func and(_ test: inout TestWords, _ depth: Int) -> Bool {
        var holds = primary(&test, depth)
        while test.has("-a") {
            test.words.removeFirst()
            let right = primary(&test, depth)
            holds = holds && right
        }
        return holds
    }

    private static var binaryOperators: Set<String> {
        ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]
    }

    private mutating func primary(_ test: inout TestWords, _ depth: Int) -> Bool {
        guard let first = test.words.first, depth < 30 else { return false }
        let rest = test.words.dropFirst()
        if let operation = rest.first?.knownString, Self.binaryOperators.contains(operation), rest.count > 1 {
            let words = Array(test.words.prefix(3))
            test.words = test.words.dropFirst(3)
            return judge(words, isDouble: false)
        }
        if first.knownString == "!", !rest.isEmpty {
            test.words.removeFirst()
            return !primary(&test, depth + 1)
        }
        if first.knownString == "(", !rest.isEmpty {
            test.words.removeFirst()
            let holds = or(&test, depth: depth + 1)
            if test.has(")") { test.words.removeFirst() }
            return holds
        }
        let isUnary = first.known.map { $0.count == 2 && $0[0] == UInt8(ascii: "-") } ?? false
        let words = Array(test.words.prefix(isUnary && !rest.isEmpty ? 2 : 1))
        test.words = test.words.dropFirst(words.count)
        return judge(words, isDouble: false)
    }

    /// One comparison; that of `[[ … ]]` takes patterns and computes.
    private mutating func judge(_ words: [ShellText], isDouble: Bool) -> Bool {
        switch words.count {
        case 1: return isNotEmpty(words[0])
        case 2:
            switch words[0].knownString {
            case "-n": return isNotEmpty(words[1])
            case "-z": return !isNotEmpty(words[1])
            case "!": return !isNotEmpty(words[1])
            case "-t": return decide("-t \(words[1].shown)")
            default:
                if words[0].knownString == "-v", let name = words[1].knownString.map(state.target) {
                    if state.variables[name] != nil { return true }
                    if state.unset.contains(name) { return false }
                }
                if let operation = words[0].knownString, let answer = judgeFile(operation, words[1]) {
                    return answer
                }
                return decide("\(words[0].shown) \(words[1].shown)")
            }
        case 3:
            switch words[1].knownString {
            case "=", "==":
                return isDouble ? matches(words[0], words[2], isExtended: true) : equals(words[0], words[2])
            case "!=":
                return isDouble ? !matches(words[0], words[2], isExtended: true) : !equals(words[0], words[2])
            case "-eq", "-ne", "-lt", "-ge", "-gt", "-le": return compare(words, isDouble)
            case "<":
                if let left = words[0].known, let right = words[2].known {
                    return left.lexicographicallyPrecedes(right)
                }
            case ">":
                if let left = words[0].known, let right = words[2].known {
                    return right.lexicographicallyPrecedes(left)
                }
            default: break
            }
        default: break
        }
        return decide(words.map(\.shown).joined(separator: " "))
    }

    private mutating func compare(_ words: [ShellText], _ isDouble: Bool) -> Bool {
        if !isDouble {
            // There a number is decimal, whatever it begins with, and an expression is none.
            for word in [words[0], words[2]] where word.isKnown && Self.decimal(word) == nil {
                isTestWrong = true
                return false
            }
        }
        func compared(_ name: String, _ evaluator: inout Self, _ order: (Int, Int) -> Bool) -> Bool {
            evaluator.compare(words[0], words[2], name, isDouble, order)
        }
        switch words[1].knownString {
        case "-eq": return compared("-eq", &self, ==)
        case "-ne": return !compared("-eq", &self, ==)
        case "-lt": return !compared("-ge", &self, >=)
        case "-ge": return compared("-ge", &self, >=)
        case "-gt": return compared("-gt", &self, >)
        default: return !compared("-gt", &self, >)
        }
    }

    private static func decimal(_ text: ShellText) -> Int? {
        guard let known = text.knownString else { return nil }
        let trimmed = known.drop(while: \.isWhitespace)
        guard let end = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return Int(trimmed[...end])
    }

    /// `=~`, which keeps what its groups hold in `BASH_REMATCH`.
    private mutating func matches(_ text: ShellText, expression: ShellText, _ shown: String) -> Bool {
        guard let bytes = text.known, let pattern = expression.known,
            let expression = PosixExpression(pattern, isExtended: true)
        else { return matchesUnknown(text, shown) }
        switch expression.search(bytes) {
        case .unknown: return matchesUnknown(text, shown)
        case .none:
            state.variables["BASH_REMATCH"] = .list(ShellList())
            return false
        case .found(let match):
            var list = ShellList()
            for range in [match.range] + match.groups {
                list.append(range.map { ShellText(Array(bytes[$0])) } ?? ShellText())
            }
            state.variables["BASH_REMATCH"] = .list(list)
            return true
        }
    }

    private mutating func matchesUnknown(_ text: ShellText, _ shown: String) -> Bool {
        state.variables["BASH_REMATCH"] = nil
        state.unset.remove("BASH_REMATCH")
        return decide("\(text.shown) matches \(shown)", about: text)
    }

    private mutating func isNotEmpty(_ text: ShellText) -> Bool {
        if !text.bytes.isEmpty { return true }
        guard !text.isKnown else { return false }
        let holds = decide("-n \(text.shown)", about: text)
        if !holds, let unknown = text.onlyUnknown, unknown.isStable { bindings[unknown.name] = ShellText() }
        return holds
    }

    /// Both are the same; when one is unknown and that is assumed, it is known from then on.
    private mutating func equals(_ left: ShellText, _ right: ShellText) -> Bool {
        if let left = left.known, let right = right.known { return left == right }
        if left == right, left.gaps.allSatisfy({ $0.unknown.isSame }) { return true }
        let (open, other) = left.isKnown ? (right, left) : (left, right)
        // `[ "x$1" = "xstart" ]` asks for `$1` alone.
        if let gap = open.gaps.first, open.gaps.count == 1, let known = other.known {
            let (head, tail) = (open.bytes[..<gap.offset], open.bytes[gap.offset...])
            guard known.starts(with: head), known.count >= open.bytes.count,
                known.suffix(tail.count).elementsEqual(tail)
            else { return false }
            let value = ShellText(Array(known[head.count..<(known.count - tail.count)]))
            if value.isEmpty { return !isNotEmpty(ShellText(unknown: gap.unknown)) }
            let holds = decide("\(gap.unknown.name) is \(value.shown)", about: open)
            if holds, gap.unknown.isStable { bindings[gap.unknown.name] = value }
            return holds
        }
        return decide("\(left.shown) is \(right.shown)", about: left, right)
    }

    /// The whole text is as the pattern says.
    mutating func matches(_ text: ShellText, _ pattern: ShellText, isExtended: Bool) -> Bool {
        guard let known = pattern.known else {
            return decide("\(text.shown) matches \(pattern.shown)", about: text, pattern)
        }
        let glob = GlobPattern(known, isExtended: isExtended)
        if let bytes = text.known { return glob.matches(bytes[...]) }
        if let literal = glob.literal { return equals(text, ShellText(literal)) }
        if known.allSatisfy({ $0 == UInt8(ascii: "*") }) { return true }
        return decide("\(text.shown) matches \(pattern.shown)", about: text)
    }

    private mutating func compare(
        _ left: ShellText,
        _ right: ShellText,
        _ name: String,
        _ isDouble: Bool,
        _ order: (Int, Int) -> Bool
    ) -> Bool {
        let first = isDouble ? arithmetic(left) : Self.decimal(left)
        let second = isDouble ? arithmetic(right) : Self.decimal(right)
        if let first, let second { return order(first, second) }
        // A script that is to be given arguments is taken to have them.
        if name == "-eq", left.shown == "$#", right.knownString == "0" {
            return !decide("$# -gt 0", about: left)
        }
        return decide("\(left.shown) \(name) \(right.shown)", about: left, right)
    }
}
