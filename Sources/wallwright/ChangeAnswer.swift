import Deployment
import Diagnostics

/// What came of a change that is no `apply`, for programs: one document of one form.
struct ChangeAnswer {
    enum Outcome: String {
        case waits
        case confirmed
        /// The firewall is so already.
        case unchanged
        case takenBack = "taken back"
        /// A pending change waits longer.
        case extended
        /// With `--dry-run`.
        case nothingChanged = "nothing changed"
    }

    let outcome: Outcome
    /// The generation that it is about; null where there is none.
    var generation: JSONValue = .null
    /// What opens and closes by it, as far as that can be told.
    var meaning: [PlanSentence] = []
    var notes: [String] = []
    var findings: [Diagnostic] = []

    init(
        _ outcome: Outcome,
        _ generation: JSONValue = .null,
        meaning: [PlanSentence] = [],
        notes: [String] = [],
        findings: [Diagnostic] = []
    ) {
        (self.outcome, self.generation, self.meaning) = (outcome, generation, meaning)
        (self.notes, self.findings) = (notes, findings)
    }

    init(_ result: ConfirmationOptions.Result, meaning: [PlanSentence] = [], findings: [Diagnostic] = []) {
        switch result {
        case .confirmed: outcome = .confirmed
        case .waits: outcome = .waits
        }
        (generation, notes) = (result.generation, result.notes)
        (self.meaning, self.findings) = (meaning, findings)
    }

    func write() {
        Terminal.output.answer(
            JSONValue.object([
                .init("outcome", .string(outcome.rawValue)),
                .init("generation", generation),
                .init("meaning", PlanSentence.json(meaning)),
                .init("notes", .array(notes.map(JSONValue.string))),
                .init(JSONKey.findings, PolicyArgument.json(findings)),
            ])
        )
    }
}
