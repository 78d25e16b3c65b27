import Diagnostics
import Iptables
import PacketModel
import Shell

/// What a file of rules comes to, be it a save file or a script.
struct RulesText {
    private enum Content {
        case saved(SaveFileRules)
        case script(ScriptReading)
    }

    /// The rules of a save file, which stand for one family.
    private struct SaveFileRules {
        var ruleset: LoadedRuleset
        var diagnostics: [Diagnostic]
        /// Of a listing.
        var table: BuiltInTable?

        init(
            _ source: SourceFile,
            _ table: BuiltInTable?,
            _ family: IPFamily,
            _ names: NameDatabase,
            keeping: Bool
        ) {
            let read = LoadedRuleset.read(source, of: table, family: family, names: names, keeping: keeping)
            (ruleset, diagnostics) = (read.ruleset, read.diagnostics)
            self.table = table
        }
    }

    let source: SourceFile
    let names: NameDatabase
    private let content: Content
    private let keeping: Bool

    /// A save file, or the listing of a table, is read for the family; a script has its own words for both. Everything
    /// else is refused, and so is a script of which nothing is a command of a firewall.
    ///
    /// - Parameter keeping: a table of a save file that comes twice goes on from the first.
    init(
        _ source: SourceFile,
        family: IPFamily,
        names: NameDatabase,
        keeping: Bool = false
    ) throws(Failure) {
        self.source = source
        self.names = names
        self.keeping = keeping
        let format = RulesFormat(source)
        switch format {
        case .saveFile: content = .saved(SaveFileRules(source, nil, family, names, keeping: keeping))
        case .listing(let table):
            content = .saved(SaveFileRules(source, table, family, names, keeping: keeping))
        case .script:
            let reading = ScriptReading.read(source, names: names)
            guard reading.isOfFirewall else { throw Failure(.refused, Self.refusal(of: source, nil)) }
            content = .script(reading)
        case .policy, .nftables, .ipsets, .foreign: throw Failure(.refused, Self.refusal(of: source, format))
        }
    }

    /// One sentence that names the format and says what to do.
    private static func refusal(of source: SourceFile, _ format: RulesFormat?) -> Sentence {
        guard let format else {
            return """
                \(source.name) has no command of a firewall, and is nothing else that is read here
                do: give what iptables-save prints, a script of iptables, or a policy
                """
        }
        return "\(source.name) is \(format.title)\ndo: \(format.advice)"
    }

    var isScript: Bool { if case .script = content { true } else { false } }

    /// A script that goes on after commands that fail, as a shell does, and makes rules all the same.
    var standsInSpiteOfErrors: Bool {
        guard case .script(let reading) = content, reading.isWhole, let outcome = reading.outcomes.first
        else {
            return false
        }
        return outcome.commands.contains { $0.family != nil && !$0.changes.isEmpty }
    }

    /// What is wrong; of a script also that the rules are those of one outcome among several.
    func diagnostics(_ family: IPFamily) -> [Diagnostic] {
        switch content {
        case .saved(let rules): ofOtherFamily(rules, family) ?? rules.diagnostics + listingNote(rules.table)
        case .script(let reading): reading.diagnostics + outcomeWarning(reading, family)
        }
    }

    /// One error for a file that has them all over as long as it is read for one family, and none for the other.
    private func ofOtherFamily(_ rules: SaveFileRules, _ family: IPFamily) -> [Diagnostic]? {
        let errors = rules.diagnostics.filter { $0.severity == .error }
        guard let first = errors.first else { return nil }
        let other: IPFamily = family == .ipv4 ? .ipv6 : .ipv4
        let read = SaveFileRules(source, rules.table, other, names, keeping: keeping)
        guard !read.diagnostics.hasErrors else { return nil }
        let tool = other == .ipv4 ? "iptables" : "ip6tables"
        return [
            Diagnostic(
                code: "iptables.family",
                "these are rules of \(tool), and are read as those of the other family",
                at: first.primary,
                fix: "say --family \(other.rawValue)"
            )
        ]
    }

    private func listingNote(_ table: BuiltInTable?) -> [Diagnostic] {
        guard let table else { return [] }
        return [
            Diagnostic(
                .note,
                code: "iptables.listing",
                "this is what iptables -S prints, taken for the table \(table.rawValue)",
                notes: [
                    "iptables-restore wants *\(table.rawValue) above the first line, and COMMIT below the last"
                ]
            )
        ]
    }

    /// Commands that change rules and are not followed, up to the line.
    func foreign(afterLine line: Int?) -> [String] {
        guard case .script(let reading) = content, let outcome = reading.outcomes.first else { return [] }
        return outcome.foreign(afterLine: line, of: source)
    }

    /// Refuses what no packet enters by itself: a part of a firewall, whose other parts lead to it.
    func requireWhole() throws(Failure) {
        guard case .saved(let rules) = content, Self.isPart(rules.ruleset) else { return }
        let isOfUfw = rules.ruleset.tables.values.contains { table in
            table.chains.keys.contains { $0.hasPrefix("ufw") }
        }
        let what = isOfUfw ? "rules of ufw, and a part of its firewall" : "a part of a firewall"
        throw Failure(
            .refused,
            """
            \(source.name) is \(what): nothing in it leads a packet to its chains
            do: give what iptables-save prints where all of it is loaded
            """
        )
    }

    private static func isPart(_ ruleset: LoadedRuleset) -> Bool {
        let tables = ruleset.tables.values
        let isEntered = tables.contains { table in
            table.table.chains.contains { name in
                guard let chain = table.chains[name.rawValue] else { return false }
                return !chain.rules.isEmpty || chain.policy == "DROP"
            }
        }
        let hasOwn = tables.contains { $0.chains.values.contains { !$0.rules.isEmpty } }
        return hasOwn && !isEntered
    }

    /// The rules at the end; those of a script where every assumption holds.
    func ruleset(_ family: IPFamily) -> LoadedRuleset {
        switch content {
        case .saved(let rules): rules.ruleset
        case .script(let reading): reading.outcomes.first?.ruleset(family) ?? LoadedRuleset(family: family)
        }
    }

    /// The rules after the last command of a script that stands on the line or above it; nil for a save file.
    func ruleset(_ family: IPFamily, afterLine line: Int) -> LoadedRuleset? {
        guard case .script(let reading) = content else { return nil }
        return reading.outcomes.first?.ruleset(family, afterLine: line, of: source)
    }

    /// What is known of ipsets when the rules are as they are at the end, or after that line.
    func ipsets(afterLine line: Int?) -> Ipsets {
        guard case .script(let reading) = content, let outcome = reading.outcomes.first else {
            return Ipsets()
        }
        return outcome.ipsets(afterLine: line, of: source)
    }

    /// The rules of the family as iptables-save prints them.
    func text(_ family: IPFamily, counters: Bool) -> [UInt8] {
        switch content {
        case .saved(let rules): rules.ruleset.text(from: source, names: names, counters: counters)
        case .script: ruleset(family).text(names: names, counters: counters)
        }
    }

    private func outcomeWarning(_ reading: ScriptReading, _ family: IPFamily) -> [Diagnostic] {
        let texts = reading.outcomes.map { $0.ruleset(family).text(names: names) }
        let others = texts.indices.filter { texts[$0] != texts[0] }
        guard !others.isEmpty else { return [] }
        let first = reading.outcomes[0].assumptions.map(\.text)
        // Outcomes part where they first assume something else.
        let parting = Set(
            others.map { zip(first, reading.outcomes[$0].assumptions.map(\.text)).prefix { $0 == $1 }.count }
        )
        let notes = first.indices.filter(parting.contains).map {
            "assumed: \(first[$0]); otherwise the rules differ"
        }
        return [
            Diagnostic(
                .warning,
                code: "script.outcome",
                "these are the rules for one of \(reading.outcomes.count) outcomes",
                notes: notes
            )
        ]
    }
}
