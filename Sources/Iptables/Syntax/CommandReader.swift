import Diagnostics
import PacketModel

/// Reads the words of one command as getopt(3) and iptables do together (measured on 1.8.9).
struct CommandReader {
    var context: ReadingContext
    let words: [Word]
    /// Of the whole command.
    let range: SourceRange
    /// Words after `iptables`, not a line of a save file.
    let isCommandLine: Bool
    /// What `-t` names.
    var table: Word?
    var next = 0
    /// The `!` that waits for its option.
    var negation: Word?
    /// The command itself: its option, and the words that belong to it.
    var verb: Verb?
    /// The options beside it, in their order; they are few.
    var seen: [(option: BuiltInOption, range: SourceRange)] = []
    var sources: Word?
    var destinations: Word?
    var rule: RuleSyntax
    /// Matches and the target in the order in which they were loaded: the newest hears an option first.
    var loaded: [ExtensionInstance] = []
    var action: RuleSyntax.Action?
    /// What `-p` asks for, as it was written or, for a number, as the tool calls it.
    var protocolName: String?
    var hasLoadedProtocol = false
    /// `-4` in a file for IPv6, or the other way: the line is for the other tool.
    var isForOtherFamily = false
    var waits = false
    var waitInterval: Word?
    /// `-Z` beside `-L`.
    var isZeroed = false
    /// `-v`
    var isVerbose = false
    /// `-h` or `-V`: the tool prints something and does nothing else.
    var isQuestion = false
    var warnings: [Refusal] = []
    /// What of the rule is not known because of words that are not.
    var open = OpenParts()

    struct OpenParts {
        var source = false
        var destination = false
        var transportProtocol = false
        /// The name of a match, so that options may be of it.
        var match = false
        var target: UnknownTarget?
    }

    struct Verb {
        let option: BuiltInOption
        let optionRange: SourceRange
        var chain: Word?
        var number: Int?
        var second: Word?
    }

    init(_ words: [Word], _ context: ReadingContext, counters: Counters? = nil, isCommandLine: Bool = false) {
        self.words = words
        self.context = context
        self.isCommandLine = isCommandLine
        range = SourceRange(words.first?.range.start ?? 0, words.last?.range.end ?? 0)
        rule = RuleSyntax(counters: counters, range: range)
    }

    /// The command; nil when it is for the other family, or none.
    mutating func read() throws(Refusal) -> Command? {
        while next < words.count, !isForOtherFamily, !isQuestion {
            let word = words[next]
            next += 1
            if word.isOpen { throw .openWord(word) }
            let bytes = word.bytes
            if bytes.count == 2, bytes[0] == Ascii.dash, bytes[1] == Ascii.dash {
                if next < words.count {
                    throw Refusal("command.argument", "nothing can follow --", at: words[next].range)
                }
            } else if bytes.count > 2, bytes[0] == Ascii.dash, bytes[1] == Ascii.dash {
                try readLong(word)
                negation = nil
            } else if bytes.count > 1, bytes[0] == Ascii.dash {
                try readShort(word)
            } else if bytes == [Ascii.exclamation] {
                if negation != nil {
                    throw Refusal("command.negation", "only one ! can be before an option", at: word.range)
                }
                negation = word
            } else {
                throw unexpected(word)
            }
        }
        if isForOtherFamily || isQuestion { return nil }
        return try finish()
    }

    private func unexpected(_ word: Word) -> Refusal {
        if next == 1, ["iptables", "ip6tables"].contains(word.text), words.count > 1, !isCommandLine {
            let range = SourceRange(word.range.start, words[1].range.start)
            let fix = Fix("leave out \(word.text)", [Fix.Edit(range, "")], safety: .certain)
            return Refusal(
                "command.name",
                "a save file has rules without the name of the tool",
                fix: fix,
                at: word.range
            )
        }
        return Refusal(
            "command.argument",
            "\(word.text.isEmpty ? "an empty word" : word.text) belongs to no option",
            fix: unexpectedFix(word),
            at: word.range
        )
    }

    /// `-j ACCEPT`, `-jACCEPT`, `-vA INPUT`.
    private mutating func readShort(_ word: Word) throws(Refusal) {
        var place = 1
        while place < word.bytes.count {
            let letter = word.bytes[place]
            place += 1
            guard let option = BuiltInOption.byLetter[Int(letter)], option != .lineNumbers else {
                let letter = Character(Unicode.Scalar(letter))
                throw Refusal(
                    "command.option.unknown",
                    "there is no option -\(letter)",
                    fix: letterFix(word),
                    at: word.range
                )
            }
            var value: Word?
            if option.argument != .none, place < word.bytes.count {
                value = Word(Array(word.bytes[place...]), word.range)
                place = word.bytes.count
            }
            try take(option, value, of: word)
            negation = nil
        }
    }

    /// `--jump ACCEPT`, `--jump=ACCEPT`, `--ju ACCEPT`.
    private mutating func readLong(_ word: Word) throws(Refusal) {
        let body = word.bytes.dropFirst(2)
        let equals = body.firstIndex(of: UInt8(ascii: "="))
        let name = String(decoding: equals.map { body[..<$0] } ?? body, as: UTF8.self)
        let value = equals.map { attached(Array(body[($0 + 1)...]), to: word) }
        var found = find(name)
        if found == nil, loadProtocolMatch(word.range) { found = find(name) }
        switch found {
        case .builtIn(let option): try take(option, value, of: word)
        case .loaded(let instance, let option): try read(option, of: instance, value, word)
        case nil:
            if open.match || open.transportProtocol || open.target != nil { throw .openWord(word) }
            throw unknown(name, word)
        }
    }

    /// As ``argument(_:of:)``, of an option for which nobody can say what an unknown word would do.
    mutating func knownArgument(_ attached: Word?, of word: Word) throws(Refusal) -> Word {
        let argument = try argument(attached, of: word)
        if argument.isOpen { throw .openWord(argument) }
        return argument
    }

    /// The end of a word; where quotes are in it, only the place of all of it is known.
    private func attached(_ bytes: [UInt8], to word: Word) -> Word {
        let isVerbatim = word.range.end - word.range.start == word.bytes.count
        let start = isVerbatim ? word.range.end - bytes.count : word.range.start
        return Word(bytes, SourceRange(start, word.range.end))
    }

    /// The word that an option asks for: attached, or the next one whatever it looks like.
    mutating func argument(_ attached: Word?, of word: Word) throws(Refusal) -> Word {
        if let attached { return attached }
        guard next < words.count else {
            throw Refusal("command.argument.missing", "\(word.text) needs a word after it", at: word.range)
        }
        next += 1
        return words[next - 1]
    }

    /// The next word if it looks like no option.
    mutating func plainWord() -> Word? {
        guard next < words.count, case let first = words[next].bytes.first ?? 0,
            first != Ascii.dash, first != Ascii.exclamation
        else { return nil }
        next += 1
        return words[next - 1]
    }
}

extension Refusal {
    /// The command cannot be read because a word of it is not known, which is no fault of the command.
    static func openWord(_ word: Word) -> Refusal {
        Refusal(openCode, "\(word.text) is not known", at: word.range)
    }

    var isOfOpenWord: Bool { code == Self.openCode }

    private static let openCode = "command.open"
}
