import Diagnostics
import PacketModel

/// A word of a command of which a part may not be known.
struct PartlyKnownWord {
    var text: String
    /// The parts that are not known; none when all of it is.
    var unknowns: [String]
    var range: SourceRange
    /// Whatever the unknown parts are, it is one word: it stands between quotes.
    var isSingle = false
}

/// Finds out of a command with unknown words what it does, when it adds a rule.
struct PartlyKnownReader {
    /// What `-t` names; nil when it does not stand there.
    private(set) var table: String?
    /// The table, the command, the chain or the number is not known.
    private(set) var hasUnknownPlace = false
    private let range: SourceRange
    private var isInsert = false
    private var chain: String?
    private var number = 1
    private var target: PartlyKnownWord?
    private var isGoto = false
    /// What is left for the rule.
    private var rule: [PartlyKnownWord] = []

    init(_ words: [PartlyKnownWord], range: SourceRange) {
        self.range = range
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.unknowns.isEmpty else {
                rule.append(word)
                continue
            }
            switch word.text {
            case "-t", "--table":
                guard let name = rest.popFirst() else { break }
                table = name.text
                if !name.unknowns.isEmpty { hasUnknownPlace = true }
            case "-A", "--append", "-I", "--insert":
                isInsert = word.text == "-I" || word.text == "--insert"
                guard let name = rest.popFirst(), name.unknowns.isEmpty, chain == nil else {
                    hasUnknownPlace = true
                    break
                }
                chain = name.text
                if isInsert, let next = rest.first, !next.text.hasPrefix("-"), !next.text.hasPrefix("!") {
                    rest.removeFirst()
                    if next.unknowns.isEmpty, let value = Int(next.text), value > 0 {
                        number = value
                    } else {
                        hasUnknownPlace = true
                    }
                }
            case "-w", "--wait":
                if let next = rest.first, Int(next.text) != nil { rest.removeFirst() }
            case "-v", "--verbose": break
            case "-j", "--jump", "-g", "--goto":
                isGoto = word.text == "-g" || word.text == "--goto"
                target = rest.first
                rule.append(word)
                if let name = rest.popFirst() { rule.append(name) }
            default: rule.append(word)
            }
        }
    }

    /// It only asks whether a rule is there.
    var isQuestion: Bool { holds("-C", "--check") }

    var isDeletion: Bool { holds("-D", "--delete") }

    private func holds(_ options: String...) -> Bool {
        chain == nil && rule.contains { $0.unknowns.isEmpty && options.contains($0.text) }
    }

    /// `-F`, `-X` or `-Z` of all chains of a table, whichever it is.
    var onlyEmpties: Bool {
        rule.count == 1 && rule[0].unknowns.isEmpty && chain == nil
            && ["-F", "--flush", "-X", "--delete-chain", "-Z", "--zero"].contains(rule[0].text)
    }

    /// The command as far as its words are known; nil when it adds no rule.
    ///
    /// Throws what the tool would say whatever the unknown words are.
    func command(
        _ words: [PartlyKnownWord],
        _ context: ReadingContext,
        isCommandLine: Bool,
        chains isChain: (String) -> Bool
    ) throws(Refusal) -> (command: Command, warnings: [Refusal])? {
        guard let chain else { return nil }
        var reader = CommandReader(
            words.map { Word(Array($0.text.utf8), $0.range, isOpen: !$0.unknowns.isEmpty) },
            context,
            isCommandLine: isCommandLine
        )
        do throws(Refusal) {
            if let command = try reader.read(), let rule = command.onlyRule {
                return (self.command(known(rule, reader.open.target), chain), reader.warnings)
            }
        } catch {
            // Words without quotes may be several, and bring what is missing.
            if !error.isOfOpenWord, words.allSatisfy({ $0.unknowns.isEmpty || $0.isSingle }) { throw error }
        }
        return (command(withTargetAlone(chains: isChain), chain), [])
    }

    private func known(_ rule: RuleSyntax, _ target: UnknownTarget?) -> RuleSyntax {
        var rule = rule
        rule.unknown = unknown(target)
        return rule
    }

    /// Nothing is known of what the rule asks, and of its target what its name says.
    private func withTargetAlone(chains isChain: (String) -> Bool) -> RuleSyntax {
        var rule = RuleSyntax(range: range)
        var unknownTarget: UnknownTarget?
        switch target?.text {
        case nil: break
        case _ where target?.unknowns.isEmpty == false: unknownTarget = UnknownTarget()
        case "ACCEPT" where !isGoto: rule.action = .accept
        case "DROP" where !isGoto: rule.action = .drop
        case "RETURN" where !isGoto: rule.action = .return
        case let name?:
            if isGoto {
                rule.action = .goto(name)
            } else if isChain(name)
                || !ExtensionRegistry.targetNames(.ipv4).contains(name)
                    && !ExtensionRegistry.targetNames(.ipv6).contains(name)
            {
                rule.action = .jump(name)
            } else {
                unknownTarget = UnknownTarget(name: name)
            }
        }
        rule.unknown = unknown(unknownTarget)
        return rule
    }

    private func unknown(_ target: UnknownTarget?) -> UnknownRule {
        var unknowns: [String] = []
        for name in rule.flatMap(\.unknowns) where !unknowns.contains(name) { unknowns.append(name) }
        return UnknownRule(
            text: rule.map { ShellQuoting.quoted($0.text) }.joined(separator: " "),
            unknowns: unknowns,
            target: target
        )
    }

    private func command(_ rule: RuleSyntax, _ chain: String) -> Command {
        Command(
            action: isInsert
                ? .insert(chain: chain, number: number, [rule]) : .append(chain: chain, [rule]),
            range: range,
            chainRange: range
        )
    }
}

extension Command {
    /// The rule that it adds, if it adds one alone.
    fileprivate var onlyRule: RuleSyntax? {
        switch action {
        case .append(_, let rules), .insert(_, _, let rules): rules.count == 1 ? rules.first : nil
        default: nil
        }
    }
}
