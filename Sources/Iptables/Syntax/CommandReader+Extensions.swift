import Diagnostics
import PacketModel

extension CommandReader {
    /// What a long option is.
    enum Found: Equatable {
        case builtIn(BuiltInOption)
        /// The place among the loaded extensions, and in the table of its options.
        case loaded(Int, Int)
    }

    /// By its whole name, the newest extension first; else by a beginning that only one option has.
    func find(_ name: String) -> Found? {
        if let option = BuiltInOption.byLongName[name] { return .builtIn(option) }
        for place in loaded.indices.reversed() {
            if let option = loaded[place].syntax.option(name) { return .loaded(place, option) }
        }
        var found: Found?
        func agree(_ other: Found) -> Bool {
            if found != nil, found != other { return false }
            found = other
            return true
        }
        for (long, option) in BuiltInOption.longNames where long.hasPrefix(name) {
            if !agree(.builtIn(option)) { return nil }
        }
        for place in loaded.indices.reversed() {
            // Of two instances of one extension the newer hears it.
            let syntax = loaded[place].syntax
            if loaded[(place + 1)...].contains(where: { $0.syntax.name == syntax.name }) { continue }
            for long in syntax.optionNames where long.hasPrefix(name) {
                if !agree(.loaded(place, syntax.place(long))) { return nil }
            }
        }
        return found
    }

    /// `-p tcp --dport 80` loads `tcp` by itself.
    mutating func loadProtocolMatch(_ place: SourceRange) -> Bool {
        guard let name = protocolName, !hasLoadedProtocol,
            let syntax = ExtensionRegistry.match(name, context.family),
            !loaded.contains(where: { $0.syntax.name == syntax.name })
        else { return false }
        hasLoadedProtocol = true
        loaded.append(ExtensionInstance(syntax: syntax, range: place))
        return true
    }

    mutating func loadMatch(_ name: Word, _ word: Word) throws(Refusal) {
        let text = name.text
        guard let syntax = ExtensionRegistry.match(text, context.family) else {
            if let fix = missingMatchFix(name) {
                throw Refusal("match.missing", "a word is missing before \(text)", fix: fix, at: name.range)
            }
            throw Refusal(
                "match.unknown",
                "iptables has no match \(text.isEmpty ? "without a name" : text) for \(context.family.title)",
                fix: NearestSpelling.fix(for: text, among: ExtensionRegistry.matchNames(context.family)),
                at: name.range
            )
        }
        loaded.append(
            ExtensionInstance(syntax: syntax, range: SourceRange(word.range.start, name.range.end))
        )
    }

    mutating func takeTarget(_ name: Word, isGoto: Bool, _ word: Word) throws(Refusal) {
        let text = name.text
        guard !name.bytes.isEmpty, name.bytes.count <= ChainName.longest,
            !name.bytes.contains(where: Ascii.isSpace)
        else {
            throw Refusal(
                "target.name",
                "the name of a target has 1 to \(ChainName.longest) bytes and no blanks",
                at: name.range
            )
        }
        if isGoto {
            action = .goto(text)
            return
        }
        switch text {
        case "ACCEPT": action = .accept
        case "DROP":
            if context.table == BuiltInTable.nat.rawValue { throw ChainName.droppingInNat(name.range) }
            action = .drop
        case "RETURN": action = .return
        case "QUEUE":
            throw Refusal(
                "target.queue",
                "iptables over nf_tables cannot load QUEUE",
                fix: .write("NFQUEUE --queue-num 0"),
                at: name.range
            )
        default:
            if !context.namesakes.contains(text), let syntax = ExtensionRegistry.target(text, context.family)
            {
                let place = SourceRange(word.range.start, name.range.end)
                loaded.append(ExtensionInstance(syntax: syntax, range: place))
            } else {
                action = .jump(text)
            }
        }
    }

    /// An option of a loaded extension, with its words.
    mutating func read(_ place: Int, of instance: Int, _ attached: Word?, _ word: Word) throws(Refusal) {
        let syntax = loaded[instance].syntax
        let option = syntax.options[place]
        var values: [Word] = []
        if option.value.words == 0 {
            if attached != nil {
                throw Refusal("command.argument", "\(word.text) takes no value", at: word.range)
            }
            if option.value.mayTakeWord, let value = plainWord() { values.append(value) }
        } else {
            values.append(try argument(attached, of: word))
            while values.count < option.value.words {
                guard let value = plainWord() else {
                    throw Refusal(
                        "command.argument.missing",
                        "\(word.text) needs \(option.value.words) words after it",
                        at: word.range
                    )
                }
                values.append(value)
            }
        }
        if negation != nil, !option.isInvertible {
            throw Refusal("command.negation", "--\(option.name) cannot be negated", at: word.range)
        }
        if !option.isRepeatable, loaded[instance].given.contains(where: { $0.option == place }) {
            throw Refusal(
                "command.option.twice",
                "--\(option.name) is given twice in \(syntax.name)",
                at: word.range
            )
        }
        if values.contains(where: \.isOpen) {
            loaded[instance].open.insert(place)
            return
        }
        let whole = SourceRange(
            (values.first ?? word).range.start,
            (values.last ?? word).range.end
        )
        do {
            let value = try option.value.read(values, context)
            if let warning = option.warning(value) {
                warnings.append(Refusal("option.warning", warning, at: whole))
            }
            loaded[instance].given.append(
                ExtensionInstance.Given(option: place, value: value, isNegated: negation != nil)
            )
        } catch {
            var refusal = error.at(whole)
            if let list = portListFix(word, option, values) { refusal.fix = list }
            // A protocol that is there already is another one.
            if self.place(of: .transportProtocol) == nil {
                throw refusal.inserted(at: (negation ?? word).range.start)
            }
            throw refusal
        }
    }

    /// No option of this name: which extension has it, or what was meant.
    func unknown(_ name: String, _ word: Word) -> Refusal {
        var refusal = Refusal(
            "option.unknown",
            "no match or target of the rule has --\(name)",
            at: word.range
        )
        guard loaded.contains(where: { $0.syntax.role == .target }) || verb != nil else { return refusal }
        let owners = ExtensionRegistry.owners(ofOption: name, context.family)
        guard let owner = owners.first else {
            let known = BuiltInOption.longNames.map(\.name) + loaded.flatMap { Array($0.syntax.optionNames) }
            refusal.fix = NearestSpelling.fix(for: "--" + name, among: known.map { "--" + $0 })
            return refusal
        }
        if owner.role == .target {
            refusal.fix = Fix("write it after -j \(owner.name)")
            return refusal
        }
        let hasProtocol = place(of: .transportProtocol) != nil
        var texts: [String] = []
        for owner in owners where owner.role == .match {
            guard let need = owner.protocols else {
                texts.append("-m \(owner.name)")
                continue
            }
            if need.admits(rule.transportProtocol) {
                return refusal.inserting(["-m \(owner.name)"], at: optionStart(word))
            }
            if !hasProtocol, !need.text.contains(" or ") { texts.append("\(need.text) -m \(owner.name)") }
        }
        if texts.isEmpty {
            refusal.fix = Fix("write \(owner.protocols?.text ?? "") -m \(owner.name) before it")
            return refusal
        }
        return refusal.inserting(Array(texts.prefix(2)), at: optionStart(word))
    }

    private func optionStart(_ word: Word) -> Int { (negation ?? word).range.start }
}
