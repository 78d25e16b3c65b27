package import Diagnostics
package import PacketModel
package import Shell

/// What a script does when certain assumptions hold.
package struct ScriptOutcome: Sendable {
    /// In the order in which they were made; none when the script leaves nothing open.
    package let assumptions: [ShellAssumption]
    /// Everything that was run and matters, in order.
    package let commands: [ScriptCommand]
    /// At the end.
    private let rulesets: [IPFamily: LoadedRuleset]
    private let names: NameDatabase

    init(_ runner: FirewallRunner, _ assumptions: [ShellAssumption]) {
        self.assumptions = assumptions
        commands = runner.commands
        rulesets = runner.rulesets
        names = runner.names
    }

    /// What stands in the kernel at the end, if it was empty at the beginning.
    package func ruleset(_ family: IPFamily) -> LoadedRuleset {
        rulesets[family] ?? LoadedRuleset(family: family)
    }

    /// The rules after the last command that begins in the line (from 1) or above it.
    package func ruleset(_ family: IPFamily, afterLine line: Int, of source: SourceFile) -> LoadedRuleset {
        var ruleset = LoadedRuleset(family: family)
        for command in commands(toLine: line, of: source) where command.family == family {
            for change in command.changes { ruleset.repeatChange(change) }
        }
        return ruleset
    }

    /// The sets after that command, or at the end; what is in those that rules change is not known.
    package func ipsets(afterLine line: Int? = nil, of source: SourceFile) -> Ipsets {
        var ipsets = Ipsets(names: names)
        for change in (line.map { commands(toLine: $0, of: source) } ?? commands[...]).flatMap(\.changes) {
            if case .ipset(let change) = change { ipsets.apply(change) }
        }
        for family in IPFamily.allCases {
            let rules = line.map { ruleset(family, afterLine: $0, of: source) } ?? ruleset(family)
            for name in rules.setsThatRulesChange { ipsets.apply(.open(name)) }
        }
        return ipsets
    }

    /// Commands up to that line, or all, that change rules in ways that are not followed: each with its line.
    package func foreign(afterLine line: Int? = nil, of source: SourceFile) -> [String] {
        var texts: [String] = []
        for command in line.map({ commands(toLine: $0, of: source) }) ?? commands[...] {
            guard case .foreign = command.kind else { continue }
            let text = "\(command.text) (line \(source.lineNumber(of: command.range.start)))"
            if !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    private func commands(toLine line: Int, of source: SourceFile) -> ArraySlice<ScriptCommand> {
        let last = commands.lastIndex { source.lineNumber(of: $0.range.start) <= line }
        return last.map { commands[...$0] } ?? []
    }

    /// The rules of a family after each command that is for it.
    ///
    /// The rules are made again command by command, so all of it costs no more than the script did.
    package func forEachState(_ family: IPFamily, _ body: (ScriptCommand, LoadedRuleset) throws -> Void)
        rethrows
    {
        var ruleset = LoadedRuleset(family: family)
        for command in commands where command.family == family {
            for change in command.changes { ruleset.repeatChange(change) }
            try body(command, ruleset)
        }
    }

    /// The assumptions that were made before the command ran.
    package func assumptions(before command: ScriptCommand) -> ArraySlice<ShellAssumption> {
        assumptions.prefix(command.assumptions)
    }
}

/// A command of a script with its words after all expansions.
package struct ScriptCommand: Sendable {
    package enum Kind: Sendable {
        /// iptables, ip6tables and their restore.
        case rules(IPFamily)
        case ipset
        /// A setting of the kernel, as sysctl names it.
        case setting(name: String, value: String)
        /// Known to change rules in a way that is not followed.
        case foreign
        /// Not understood, and taken to leave the rules alone.
        case unknown
    }

    package var kind: Kind
    /// With unknown parts as the script writes them.
    package var words: [String]
    package var range: SourceRange
    /// So many assumptions of the outcome were made before it.
    package var assumptions: Int
    /// It stands in a loop that goes round an unknown number of times, and is listed once.
    package var isRepeated: Bool
    /// What it does to the rules; nothing when it is refused.
    package var changes: [RulesetChange] = []
    /// Why it is refused; what it does after that it does not do.
    package var refusals: [Refusal] = []

    package var family: IPFamily? { if case .rules(let family) = kind { family } else { nil } }

    /// As a person would type it.
    package var text: String { words.map(ShellQuoting.quoted).joined(separator: " ") }
}

/// A step from one state of the rules to the next, known to be taken.
package enum RulesetChange: Sendable {
    case command(Command, BuiltInTable)
    /// A table up to its COMMIT; what was there is kept with `--noflush`.
    case restore(SaveTable, keeping: Bool)
    case ipset(Ipsets.Change)
}

extension LoadedRuleset {
    /// A change that was taken before is taken again.
    fileprivate mutating func repeatChange(_ change: RulesetChange) {
        switch change {
        case .command(let command, let table):
            do throws(Refusal) { try apply(command, in: table) } catch { assertionFailure(error.message) }
        case .restore(let table, let keeping): _ = restore(table, keeping: keeping)
        case .ipset: break
        }
    }
}

/// Words with quotes where a shell needs them.
enum ShellQuoting {
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."),
                    UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "="),
                    UInt8(ascii: "+"),
                    UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "$"):
                    true
                default: byte >= 0x80
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
