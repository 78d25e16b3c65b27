import Diagnostics
import PacketModel

/// A word of a command of which a part may not be known.
struct PartlyKnownWord {
    var text: String
    /// The parts that are not known; none when all of it is.
    var unknowns: [String]
    var range: SourceRange
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

    /// The command; nil when it adds no rule.
    func command(chains isChain: (String) -> Bool) -> Command? {
        guard let chain else { return nil }
        var syntax = RuleSyntax(range: range)
        var hasUnknownAction = false
        switch target?.text {
        case nil: break
        case _ where target?.unknowns.isEmpty == false: hasUnknownAction = true
        case "ACCEPT" where !isGoto: syntax.action = .accept
        case "DROP" where !isGoto: syntax.action = .drop
        case "RETURN" where !isGoto: syntax.action = .return
        case let name?:
            if isGoto {
                syntax.action = .goto(name)
            } else if isChain(name)
                || !ExtensionRegistry.targetNames(.ipv4).contains(name)
                    && !ExtensionRegistry.targetNames(.ipv6).contains(name)
            {
                syntax.action = .jump(name)
            } else {
                hasUnknownAction = true
            }
        }
        var unknowns: [String] = []
        for name in rule.flatMap(\.unknowns) where !unknowns.contains(name) { unknowns.append(name) }
        syntax.unknown = UnknownRule(
            text: rule.map { ShellQuoting.quoted($0.text) }.joined(separator: " "),
            unknowns: unknowns,
            hasUnknownAction: hasUnknownAction
        )
        return Command(
            action: isInsert
                ? .insert(chain: chain, number: number, [syntax]) : .append(chain: chain, [syntax]),
            range: range,
            chainRange: range
        )
    }
}
