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
        terminal.write("\(policy), against what is live now:\n")
        for line in plan.lines {
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
