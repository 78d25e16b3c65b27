import Deployment
import Diagnostics

/// A plan for a terminal, each line in the colour of what it says.
struct PlanText {
    private let plan: ChangePlan
    private let policy: String

    init(_ plan: ChangePlan, _ policy: String) {
        self.plan = plan
        self.policy = policy
    }

    func write() {
        let terminal = Terminal.output
        terminal.write(
            plan.isFirst
                ? "what is open then, by \(policy); Wallwright blocks nothing now:\n"
                : "\(policy), against what is live now:\n"
        )
        SentenceTable(plan.sentences).write()
    }
}

/// What a policy lets pass, for a terminal.
struct OpenText {
    private let sentences: [PlanSentence]
    private let title: Sentence

    init(_ sentences: [PlanSentence], _ title: Sentence = "what is open") {
        (self.sentences, self.title) = (sentences, title)
    }

    func write() {
        guard !sentences.isEmpty else { return }
        Terminal.output.write("\n\(title):\n")
        SentenceTable(sentences).write()
    }
}

/// Sentences of a plan in columns.
struct SentenceTable {
    private let sentences: [PlanSentence]

    init(_ sentences: [PlanSentence]) {
        self.sentences = sentences
    }

    func write() {
        let terminal = Terminal.output
        for line in PlanSentence.lines(sentences) {
            let text = Sentence("\(line.text)")
            terminal.write((line.kind.style.map { terminal.paint(text, $0) } ?? text) + "\n")
        }
    }
}

extension PlanSentence.Kind {
    /// Green lets in, red shuts out.
    fileprivate var style: Terminal.Style? {
        switch self {
        case .opens, .allows: .good
        case .closes, .warning, .goesOn, .cuts: .bad
        case .drops, .changes, .keeps, .note: nil
        }
    }
}
