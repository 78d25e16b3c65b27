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
    }

    let source: SourceFile
    let names: NameDatabase
    private let content: Content

    /// A save file is read for the family; a script has its own words for both.
    ///
    /// - Parameter keeping: a table of a save file that comes twice goes on from the first.
    init(_ source: SourceFile, family: IPFamily, names: NameDatabase, keeping: Bool = false) {
        self.source = source
        self.names = names
        guard ScriptReading.isSaveFile(source) else {
            content = .script(ScriptReading.read(source, names: names))
            return
        }
        let (saved, readErrors) = SaveFileReader.read(source, family: family, names: names)
        let (ruleset, loadErrors) = LoadedRuleset.load(
            saved,
            from: source,
            family: family,
            keeping: keeping
        )
        let diagnostics = (readErrors + loadErrors).sorted { Self.place($0) < Self.place($1) }
        content = .saved(SaveFileRules(ruleset: ruleset, diagnostics: diagnostics))
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
        case .saved(let rules): rules.diagnostics
        case .script(let reading): reading.diagnostics + outcomeWarning(reading, family)
        }
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
        guard let other = texts.indices.first(where: { texts[$0] != texts[0] }) else { return [] }
        return [
            Diagnostic(
                .warning,
                code: "script.outcome",
                "these are the rules for one of \(reading.outcomes.count) outcomes",
                notes: [
                    "it holds that " + Self.shown(reading.outcomes[0]),
                    "they are others when " + Self.shown(reading.outcomes[other]),
                ]
            )
        ]
    }

    private static func place(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.range.start ?? 0 }

    private static func shown(_ outcome: ScriptOutcome) -> String {
        outcome.assumptions.map(\.text).joined(separator: "; ")
    }
}
