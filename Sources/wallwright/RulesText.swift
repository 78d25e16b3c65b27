import Diagnostics
import Iptables
import PacketModel
import Shell

/// What a file of rules comes to, be it a save file or a script.
struct RulesText {
    /// The rules of the family as iptables-save prints them.
    let text: [UInt8]
    let diagnostics: [Diagnostic]

    init(_ source: SourceFile, family: IPFamily, names: NameDatabase, counters: Bool) {
        if ScriptReading.isSaveFile(source) {
            let (saved, readErrors) = SaveFileReader.read(source, family: family, names: names)
            let (ruleset, loadErrors) = LoadedRuleset.load(saved, from: source, family: family)
            text = ruleset.text(from: source, names: names, counters: counters)
            diagnostics = (readErrors + loadErrors).sorted { Self.place($0) < Self.place($1) }
            return
        }
        let reading = ScriptReading.read(source, names: names)
        let texts = reading.outcomes.map { $0.ruleset(family).text(names: names, counters: counters) }
        let first = texts.first ?? []
        text = first
        var found = reading.diagnostics
        let others = reading.outcomes.indices.filter { texts[$0] != first }
        if let other = others.first {
            found.append(
                Diagnostic(
                    .warning,
                    code: "script.outcome",
                    "these are the rules for one of \(reading.outcomes.count) outcomes",
                    notes: [
                        "it holds that " + Self.shown(reading.outcomes[0]),
                        "they are others when " + Self.shown(reading.outcomes[other]),
                    ]
                )
            )
        }
        diagnostics = found
    }

    private static func place(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.range.start ?? 0 }

    private static func shown(_ outcome: ScriptOutcome) -> String {
        outcome.assumptions.map(\.text).joined(separator: "; ")
    }
}
