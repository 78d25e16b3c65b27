import Diagnostics

/// `xargs`: a command of words that it reads.
extension ShellEvaluator {
    /// Whether what it reads is known; then its commands have run.
    mutating func runWords(_ arguments: [ShellText]) throws(ShellStop) -> Bool {
        let long: [String: Character] = [
            "max-args": "n", "max-lines": "L", "replace": "I", "no-run-if-empty": "r", "null": "0",
            "delimiter": "d",
        ]
        guard let words = ToolWords(arguments, "n:L:I:r0d:", long: long, permutes: false),
            let text = input?.text.known
        else { return false }
        let mark = words.value("I").map { Array($0.utf8) }
        let batches: [[ShellText]]
        if let mark {
            guard !mark.isEmpty else { return false }
            batches = Self.lines(of: text).map { $0.drop { $0 == 32 || $0 == 9 } }.filter { !$0.isEmpty }
                .map { [ShellText(Array($0))] }
        } else if let count = words.value("L") {
            guard let count = Int(count), count > 0 else { return false }
            let lines = Self.lines(of: text).filter { !$0.isEmpty }.map { Self.words(of: $0) }
            guard lines.allSatisfy({ $0 != nil }) else { return false }
            batches = Self.parts(lines.compactMap { $0 }, count).map { Array($0.joined()) }
        } else {
            guard
                let found = words.has("0") || words.has("d")
                    ? Self.parts(of: text, words) : Self.words(of: text),
                let count = Int(words.value("n") ?? "\(Int.max)"), count > 0
            else { return false }
            batches = Self.parts(found, count)
        }
        _ = input?.rest()
        status = .success
        var command = words.operands
        if command.isEmpty { command = [ShellText("echo")] }
        var all = batches
        // Without words the command runs once, unless `-r` or `-I` says otherwise.
        if all.isEmpty, !words.has("r"), mark == nil { all = [[]] }
        var worst = ShellStatus.success
        for batch in all {
            try spend()
            var whole = command
            if let mark, let value = batch.first {
                whole = command.map { Self.replaced($0, mark, value) }
            } else {
                whole += batch
            }
            let saved = input
            input = ShellInput(ShellText())
            if let name = whole[0].knownString, name == "echo" {
                print(echoed(Array(whole.dropFirst())))
                status = .success
            } else {
                try runCommand(invocation(whole, whole.map { _ in range }, range))
            }
            input = saved
            if status != .success, worst == .success { worst = status }
        }
        if case .known(let value) = worst, value != 0 { worst = .known(123) }
        status = worst
        return true
    }

    private static func lines(of text: [UInt8]) -> [[UInt8]] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Array($0)
        }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }

    private static func parts<Element>(_ all: [Element], _ count: Int) -> [[Element]] {
        guard count < all.count else { return all.isEmpty ? [] : [all] }
        return stride(from: 0, to: all.count, by: count).map { Array(all[$0..<min($0 + count, all.count)]) }
    }

    private static func parts(of text: [UInt8], _ words: ToolWords) -> [ShellText]? {
        let mark = words.has("0") ? [0] : EscapeSequences.expanded(ShellText(words.value("d") ?? "")).bytes
        guard mark.count == 1 else { return nil }
        var parts = text.split(separator: mark[0], omittingEmptySubsequences: false).map {
            ShellText(Array($0))
        }
        if parts.last?.isEmpty ?? false { parts.removeLast() }
        return parts
    }

    /// Words between blanks, with quotes and backslashes; nil when a quote is not closed.
    private static func words(of text: [UInt8]) -> [ShellText]? {
        var (words, word, isOpen): ([ShellText], [UInt8], Bool) = ([], [], false)
        var quote: UInt8?
        var isEscaped = false
        for byte in text {
            if isEscaped {
                word.append(byte)
                (isEscaped, isOpen) = (false, true)
            } else if let open = quote {
                if byte == UInt8(ascii: "\n") { return nil }
                if byte == open { quote = nil } else { word.append(byte) }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                (quote, isOpen) = (byte, true)
            } else if byte == 32 || (9...13).contains(byte) {
                if isOpen { words.append(ShellText(word)) }
                (word, isOpen) = ([], false)
            } else {
                word.append(byte)
                isOpen = true
            }
        }
        if isOpen { words.append(ShellText(word)) }
        return quote == nil ? words : nil
    }

    private static func replaced(_ word: ShellText, _ mark: [UInt8], _ value: ShellText) -> ShellText {
        guard let bytes = word.known else { return word }
        var (result, place) = ([UInt8](), 0)
        while place < bytes.count {
            if bytes[place...].starts(with: mark) {
                result += value.bytes
                place += mark.count
            } else {
                result.append(bytes[place])
                place += 1
            }
        }
        return ShellText(result)
    }
}
