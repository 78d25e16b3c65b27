import Deployment

/// The sentences of a plan, for a terminal.
struct PlanText {
    private let plan: ChangePlan
    private let policy: String

    init(_ plan: ChangePlan, _ policy: String) {
        self.plan = plan
        self.policy = policy
    }

    func write() {
        Terminal.output.write("\(policy), against what is live now:\n\(plan.text)")
    }
}
