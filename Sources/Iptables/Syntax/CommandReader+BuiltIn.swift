import Diagnostics
import PacketModel

extension CommandReader {
    /// An option that iptables has by itself.
    mutating func take(_ option: BuiltInOption, _ attached: Word?, of word: Word) throws(Refusal) {
        if option.argument == .none, attached != nil {
            throw Refusal("command.argument", "\(word.text) takes no value", at: word.range)
        }
        switch option {
        case .append, .check, .delete, .insert, .replace, .newChain, .renameChain, .policy:
            try begin(option, try knownArgument(attached, of: word), word)
        case .list, .listRules, .flush, .zero, .deleteChain:
            try begin(option, attached ?? plainWord(), word)
        case .source:
            try note(option, word, canNegate: true)
            let argument = try wholeArgument(attached, of: word)
            open.source = argument.isOpen
            if !argument.isOpen { (sources, rule.source) = (argument, unresolvedAddress) }
        case .destination:
            try note(option, word, canNegate: true)
            let argument = try wholeArgument(attached, of: word)
            open.destination = argument.isOpen
            if !argument.isOpen { (destinations, rule.destination) = (argument, unresolvedAddress) }
        case .transportProtocol: try takeProtocol(attached, word)
        case .inputInterface:
            try note(option, word, canNegate: true)
            let argument = try wholeArgument(attached, of: word)
            if !argument.isOpen { rule.inputInterface = try interface(argument) }
        case .outputInterface:
            try note(option, word, canNegate: true)
            let argument = try wholeArgument(attached, of: word)
            if !argument.isOpen { rule.outputInterface = try interface(argument) }
        case .fragment:
            guard context.family == .ipv4 else {
                throw Refusal("command.fragment", "IPv6 has no -f", fix: "write -m frag", at: word.range)
            }
            try note(option, word, canNegate: true)
            rule.isFragment = negation == nil
        case .jump, .goto:
            try note(.jump, word, canNegate: false)
            let isGoto = option == .goto
            let name = isGoto ? try argument(attached, of: word) : try wholeArgument(attached, of: word)
            if name.isOpen {
                open.target = UnknownTarget()
            } else {
                try takeTarget(name, isGoto: isGoto, word)
            }
        case .match:
            try refuseNegation(word)
            let name = try argument(attached, of: word)
            if name.isOpen {
                open.match = true
            } else {
                try loadMatch(name, word)
            }
        case .counters: try takeCounters(try knownArgument(attached, of: word), word)
        case .numeric, .exact, .lineNumbers: try note(option, word, canNegate: false)
        case .verbose:
            try refuseNegation(word)
            isVerbose = true
        case .ipv4: try takeFamily(.ipv4, word)
        case .ipv6: try takeFamily(.ipv6, word)
        case .modprobe: _ = try argument(attached, of: word)
        case .table, .wait, .waitInterval, .version, .help:
            guard isCommandLine else {
                throw Refusal(
                    "command.option.place",
                    "\(word.text) has no place in a save file",
                    fix: option == .table ? "write the rule below *TABLE" : nil,
                    at: word.range
                )
            }
            try takeOfCommandLine(option, attached, word)
        }
    }

    /// In the place of the addresses, which are read when the whole rule is.
    private var unresolvedAddress: AddressTest {
        AddressTest(
            address: IPAddress(family: context.family, value: 0),
            mask: 0,
            isNegated: negation != nil
        )
    }

    private mutating func begin(_ option: BuiltInOption, _ chain: Word?, _ word: Word) throws(Refusal) {
        if let verb {
            if option == .zero, verb.option == .list || verb.option == .listRules {
                isZeroed = true
                return
            }
            throw Refusal(
                "command.several",
                "-\(option.rawValue) cannot be used with -\(verb.option.rawValue)",
                at: word.range
            )
        }
        try refuseNegation(word)
        var verb = Verb(option: option, optionRange: word.range, chain: chain)
        switch option {
        case .insert, .delete, .replace:
            if let number = plainWord() {
                guard let value = NumberText.whole(number.bytes[...], in: 1...UInt64(Int32.max)) else {
                    throw Refusal(
                        "command.number",
                        "\(number.text) is not a number of a rule",
                        at: number.range
                    )
                }
                verb.number = Int(value)
            } else if option == .replace {
                throw Refusal("command.number", "-R needs the number of a rule", at: word.range)
            }
        case .policy, .renameChain:
            guard let second = plainWord() else {
                let what = option == .policy ? "a policy" : "a new name"
                throw Refusal("command.argument.missing", "\(word.text) needs \(what)", at: word.range)
            }
            verb.second = second
        case .list, .listRules, .zero:
            if chain != nil, let number = plainWord() { verb.second = number }
        default: break
        }
        if let chain { context.chain = chain.text }
        self.verb = verb
    }

    mutating func note(_ option: BuiltInOption, _ word: Word, canNegate: Bool) throws(Refusal) {
        if let before = place(of: option) {
            throw Refusal("command.option.twice", "\(word.text) is given twice in the rule", at: before)
        }
        if !canNegate { try refuseNegation(word) }
        seen.append((option, word.range))
    }

    func place(of option: BuiltInOption) -> SourceRange? {
        seen.first { $0.option == option }?.range
    }

    func refuseNegation(_ word: Word) throws(Refusal) {
        guard let negation else { return }
        throw Refusal("command.negation", "\(word.text) cannot be negated", at: negation.range)
    }

    /// For these options the tool read the whole word before 1.8.10: `-jACCEPT` led to a chain `-jACCEPT`, and `-ptcp` and
    /// `--protocol=tcp` were unknown protocols.
    private mutating func wholeArgument(_ attached: Word?, of word: Word) throws(Refusal) -> Word {
        if attached != nil, context.release < .v1_8_10 { return word }
        return try argument(attached, of: word)
    }

    private mutating func takeProtocol(_ attached: Word?, _ word: Word) throws(Refusal) {
        try note(.transportProtocol, word, canNegate: true)
        let name = try wholeArgument(attached, of: word)
        if name.isOpen {
            open.transportProtocol = true
            return
        }
        let lower = name.bytes.map(Ascii.lowercased)
        let text = String(decoding: lower, as: UTF8.self)
        let numeric = NumberText.whole(lower[...], in: 0...255).map { UInt8($0) }
        guard let number = numeric ?? context.names.protocolNumber(text) else {
            throw Refusal(
                "rule.protocol.unknown",
                "\(text.isEmpty ? "nothing" : text) is not a protocol",
                fix: attached != nil
                    ? detachedFix(name)
                    : NearestSpelling.fix(
                        for: text,
                        among: context.names.knownProtocols.filter { $0 == $0.lowercased() }
                    ),
                at: name.range
            )
        }
        if number == 0 {
            if negation != nil {
                throw Refusal("rule.protocol.never", "no packet has none of all protocols", at: name.range)
            }
            return
        }
        protocolName = numeric == nil ? text : context.names.protocolName(number)
        rule.transportProtocol = ProtocolTest(number: number, isNegated: negation != nil)
        context.transportProtocol = rule.transportProtocol
        if context.family == .ipv6, Self.extensionHeaders.contains(number), negation == nil {
            warnings.append(
                Refusal(
                    "rule.protocol.header",
                    "\(text) is a header before the protocol: -p never matches it",
                    fix: "write the match for it with -m",
                    at: name.range
                )
            )
        }
    }

    /// `-ptcp`, `--protocol=tcp`
    private func detachedFix(_ word: Word) -> Fix {
        let isLong = word.bytes.starts(with: [Ascii.dash, Ascii.dash])
        let equals = word.bytes.firstIndex(of: UInt8(ascii: "="))
        let place = word.range.start + (isLong ? equals ?? 0 : 2)
        let edit = Fix.Edit(SourceRange(place, isLong ? place + 1 : place), " ")
        return Fix("write a blank after the option", [edit], safety: .certain)
    }

    /// is_exthdr of ip6tables: what -p skips.
    private static let extensionHeaders: Set<UInt8> = [43, 44, 51, 60]

    private mutating func interface(_ word: Word) throws(Refusal) -> InterfaceTest? {
        guard !word.bytes.isEmpty else {
            throw Refusal("rule.interface.empty", "the name of the interface is empty", at: word.range)
        }
        guard word.bytes.count <= InterfacePattern.longestName else {
            throw Refusal(
                "rule.interface.long",
                "the name of an interface has at most \(InterfacePattern.longestName) bytes",
                at: word.range
            )
        }
        if word.bytes.contains(Ascii.slash) || word.bytes.contains(Ascii.space) {
            warnings.append(
                Refusal(
                    "rule.interface.name",
                    "the kernel gives no interface a name with / or a blank",
                    at: word.range
                )
            )
        }
        if word.bytes == [Ascii.plus], negation == nil { return nil }
        return InterfaceTest(name: word.bytes, isNegated: negation != nil)
    }

    /// `-c 5 6` or `-c 5,6`
    private mutating func takeCounters(_ first: Word, _ word: Word) throws(Refusal) {
        try note(.counters, word, canNegate: false)
        var parts = first.bytes.split(separator: Ascii.comma, maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 1, let second = plainWord() { parts.append(second.bytes[...]) }
        guard parts.count == 2 else {
            throw Refusal("command.counters", "-c needs a number of packets and one of bytes", at: word.range)
        }
        guard let packets = Counters.number(parts[0]), let bytes = Counters.number(parts[1]) else {
            throw Refusal("command.counters", "the counters are no numbers", at: first.range)
        }
        rule.counters = Counters(packets: packets, bytes: bytes)
    }
}

extension Counters {
    /// Decimal digits at the start, as `%llu` of sscanf(3) reads them.
    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
