import Diagnostics
import PacketModel

extension Refusal {
    /// Something is missing before the option: each choice is what to write there.
    static func missing(_ code: String, _ message: String, before choices: [String]) -> Refusal {
        var refusal = Refusal(code, message, fix: Fix("write \(choices.joined(separator: " or ")) before it"))
        refusal.wanted = choices
        return refusal
    }

    /// The same at the place of the option that it is missing before.
    func inserted(at offset: Int) -> Refusal {
        guard !wanted.isEmpty, let fix else { return self }
        var refusal = self
        refusal.fix = Fix(fix.words, choices: wanted.map { [.insertion($0 + " ", at: offset)] })
        refusal.wanted = []
        return refusal
    }

    /// One of these texts is missing at a place.
    func inserting(_ texts: [String], at offset: Int) -> Refusal {
        var refusal = self
        refusal.fix = Fix(
            "write \(texts.joined(separator: " or ")) before it",
            choices: texts.map { [.insertion($0 + " ", at: offset)] }
        )
        return refusal
    }

    /// About one word of a longer place.
    func about(_ word: String, isLast: Bool = false) -> Refusal {
        var refusal = self
        refusal.word = word
        refusal.isLastWord = isLast
        return refusal
    }
}

extension NearestSpelling {
    /// The nearest right spelling of a part of a text, with the rest of the text around it.
    static func fix(forPart part: Substring, among known: some Sequence<String>) -> Fix? {
        let (whole, near) = (part.base, candidates(for: String(part), among: known))
        return .write(
            anyOf: near.map { whole[..<part.startIndex] + $0 + whole[part.endIndex...] }
        )
    }
}

extension CommandReader {
    /// Why a word belongs to no option, as far as the words before it tell.
    func unexpectedFix(_ word: Word) -> Fix? {
        // `next` is after the word itself.
        let place = next - 1
        let before = words[..<place]
        guard let last = before.last else { return leadingFix(word) }
        if word.bytes.first == UInt8(ascii: "#"), let end = words.last {
            let text = words[place...].map(\.text).joined(separator: " ").drop { "# ".contains($0) }
            let comment = "-m comment --comment \"\(text.filter { $0 != "\"" })\""
            return Fix(
                "write \(comment): a comment has a line of its own",
                [Fix.Edit(SourceRange(word.range.start, end.range.end), comment)]
            )
        }
        if last.bytes.last == Ascii.comma || word.bytes.first == Ascii.comma {
            let range = SourceRange(last.range.end, word.range.start)
            return Fix("write no blank between them", [Fix.Edit(range, "")], safety: .certain)
        }
        if Self.verdicts[word.text] == word.text, !before.contains(where: { $0.text == "-j" }) {
            return Fix("write -j \(word.text)", [.insertion("-j ", at: word.range.start)], safety: .certain)
        }
        if last.bytes == [Ascii.exclamation], let option = before.dropLast().last,
            option.bytes.first == Ascii.dash
        {
            let range = SourceRange(option.range.start, word.range.end)
            let text = "! \(option.text) \(word.text)"
            return Fix("write ! before the option: \(text)", [Fix.Edit(range, text)], safety: .certain)
        }
        if let verb, verb.option == .append, let chain = verb.chain, chain.range == last.range,
            NumberText.whole(word.bytes[...], in: 1...UInt64(Int32.max)) != nil
        {
            return Fix("write -I, which has a number", [Fix.Edit(verb.optionRange, "-I")])
        }
        if let name = longName(last) {
            return Fix("write --\(name)", [.insertion("-", at: last.range.start)], safety: .certain)
        }
        if place >= 2, Self.textOptions.contains(words[place - 2].text) {
            let rest = words[place...].prefix {
                $0.bytes.first != Ascii.dash && $0.bytes.first != Ascii.exclamation
            }
            let said = ([last] + rest).map(\.text).joined(separator: " ")
            let text = said.hasPrefix("'") && said.hasSuffix("'") ? String(said.dropFirst().dropLast()) : said
            let range = SourceRange(last.range.start, (rest.last ?? last).range.end)
            return Fix("write \"\(text)\"", [Fix.Edit(range, "\"\(text)\"")], safety: .certain)
        }
        return nil
    }

    /// What stands before the first option: a comment of another language, the end of a table in small letters.
    private func leadingFix(_ word: Word) -> Fix? {
        if let mark = ["//", ";", "--", "REM"].first(where: { word.text.hasPrefix($0) }) {
            let range = SourceRange(word.range.start, word.range.start + mark.utf8.count)
            return Fix("write # before a comment", [Fix.Edit(range, "#")], safety: .certain)
        }
        if word.text.lowercased() == "commit" { return .write("COMMIT", safety: .certain) }
        guard word.text == "sudo" else { return nil }
        let tool = words.dropFirst().first.map { ["iptables", "ip6tables"].contains($0.text) } == true
        let end = tool ? words[words.startIndex + 1].range.end + 1 : word.range.end + 1
        return Fix("leave it out", [Fix.Edit(SourceRange(word.range.start, end), "")], safety: .certain)
    }

    /// `-a INPUT`, `-name SSH`
    func letterFix(_ word: Word) -> Fix? {
        if let name = longName(word) {
            return Fix("write --\(name)", [.insertion("-", at: word.range.start)], safety: .certain)
        }
        let other = word.text.uppercased()
        guard word.bytes.count == 2, other != word.text, let letter = other.utf8.last,
            BuiltInOption.byLetter[Int(letter)].map({ $0 != .lineNumbers }) == true
        else { return nil }
        return Fix("write \(other)", [Fix.Edit(word.range, other)])
    }

    /// What people call the verdicts.
    static let verdicts = [
        "ACCEPT": "ACCEPT", "DROP": "DROP", "REJECT": "REJECT", "RETURN": "RETURN", "LOG": "LOG",
        "ALLOW": "ACCEPT",
        "PERMIT": "ACCEPT", "PASS": "ACCEPT", "DENY": "DROP", "BLOCK": "DROP", "DISCARD": "DROP",
        "REFUSE": "REJECT",
    ]

    /// `-dport`, which has one dash too few.
    private func longName(_ word: Word) -> String? {
        guard word.bytes.count > 3, word.bytes.first == Ascii.dash, word.bytes[1] != Ascii.dash else {
            return nil
        }
        let name = String(word.text.dropFirst())
        let isKnown =
            BuiltInOption.byLongName[name] != nil
            || !ExtensionRegistry.owners(ofOption: name, context.family).isEmpty
        return isKnown ? name : nil
    }

    private static let textOptions: Set<String> = ["--log-prefix", "--comment", "--nflog-prefix"]

    /// `--dport 80,443` is for multiport.
    func portListFix(_ word: Word, _ option: OptionSyntax, _ values: [Word]) -> Fix? {
        let lists = [
            "dport": "dports", "destination-port": "dports", "sport": "sports", "source-port": "sports",
        ]
        guard let list = lists[option.name], let value = values.first, value.bytes.contains(Ascii.comma),
            value.range != word.range
        else { return nil }
        let text = "-m multiport --\(list) \(value.text)"
        return Fix("write \(text)", [Fix.Edit(SourceRange(word.range.start, value.range.end), text)])
    }

    /// `-s 192.0.2.1-192.0.2.9` is for iprange.
    func rangeFix(_ word: Word, _ option: BuiltInOption) -> Fix? {
        let ends = word.text.split(separator: "-").map {
            AddressText.address(Array($0.utf8)[...], context.family)
        }
        guard ends.count == 2, ends.allSatisfy({ $0 != nil }), let place = place(of: option),
            place != word.range
        else {
            return nil
        }
        let text = "-m iprange --\(option == .source ? "src" : "dst")-range \(word.text)"
        return Fix("write \(text)", [Fix.Edit(SourceRange(place.start, word.range.end), text)])
    }

    /// `-m --comment x`: the name of the match is missing.
    func missingMatchFix(_ name: Word) -> Fix? {
        guard name.bytes.starts(with: [Ascii.dash, Ascii.dash]),
            let owner = ExtensionRegistry.owners(ofOption: String(name.text.dropFirst(2)), context.family)
                .first,
            owner.role == .match
        else { return nil }
        return Fix(
            "write -m \(owner.name) \(name.text)",
            [.insertion("\(owner.name) ", at: name.range.start)],
            safety: .certain
        )
    }
}
