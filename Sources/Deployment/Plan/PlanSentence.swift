package import Policy

/// One thing that a plan says.
package struct PlanSentence: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Before a first apply: what will pass.
        case allows
        /// Before a first apply: what will not.
        case drops
        /// Passes, and did not.
        case opens
        /// Passed, and will not.
        case closes
        /// Means something else than it did.
        case changes
        /// How much stays as it is.
        case keeps
        /// Good to know.
        case note
        /// Something may not work as it is meant to.
        case warning
        /// A connection that lives and could not begin under the new policy, and goes on: it is established.
        case goesOn = "goes on"
        /// One that ends.
        case cuts
    }

    package var kind: Kind
    /// Nil when it is about no direction, or about several.
    package var direction: Direction?
    /// One clause, lower case, no full stop.
    package var text: String
    /// The line of the policy that it comes from.
    package var place: PlanPlace?
    /// What to do next, a line each.
    package var advice: [String]
    /// The packets that a sentence of what opens or closes is about; nil where it is about no new connections.
    package var coverage: PlanCoverage?

    package init(
        _ kind: Kind,
        _ direction: Direction? = nil,
        _ text: String,
        place: PlanPlace? = nil,
        advice: [String] = [],
        coverage: PlanCoverage? = nil
    ) {
        self.kind = kind
        self.direction = direction
        self.text = text
        self.place = place
        self.advice = advice
        self.coverage = coverage
    }

    /// Whether the sentence is about this packet.
    package func covers(_ approach: Approach) -> Bool {
        coverage?.contains(approach) ?? false
    }
}

/// Lines of a policy.
package struct PlanPlace: Hashable, Sendable {
    /// The file without its folders.
    package var file: String
    /// The first line, from 1.
    package var line: Int
    /// Further lines that say the same of other addresses.
    package var others: Int
    /// In the policy that is live now, not in the new one.
    package var isLive: Bool

    package init(file: String, line: Int, others: Int = 0, isLive: Bool = false) {
        self.file = file
        self.line = line
        self.others = others
        self.isLive = isLive
    }
}

extension PlanPlace: CustomStringConvertible {
    /// `policy.yaml:7`, `was policy.yaml:7`, `policy.yaml:7 and 3 more`.
    package var description: String {
        "\(isLive ? "was " : "")\(file):\(line)\(others > 0 ? " and \(others) more" : "")"
    }
}
