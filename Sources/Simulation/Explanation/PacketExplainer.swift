import Netfilter
package import PacketModel

/// Says of packets which rules they meet, in the words of where the rules come from.
package protocol PacketExplainer: Sendable {
    var family: IPFamily { get }
    var simulator: Simulator { get set }
    /// What changes rules as well and is not followed: whatever the rules say, it may be otherwise.
    var foreign: [String] { get }

    /// Nil for a step that nobody wants to hear of.
    func step(_ step: Trace.Step) -> ExplainedStep?
    /// Why, where the rules are not those that somebody wrote; nil where the last step says it.
    func reason(_ outcomes: Outcomes, _ description: PacketDescription) -> ExplainedReason?
}

/// A rule that matched, or a policy.
package struct ExplainedStep: Sendable {
    package let table: String
    package let chain: String
    /// From 1; nil for the policy.
    package let rule: Int?
    /// Where the rule stands in the source, from 1.
    package let line: Int?
    /// The target as iptables writes it; nil for a rule without one.
    package let action: String?
    /// The rule as iptables-save prints it; the policy as it declares it.
    package let text: String

    package init(table: String, chain: String, rule: Int?, line: Int?, action: String?, text: String) {
        self.table = table
        self.chain = chain
        self.rule = rule
        self.line = line
        self.action = action
        self.text = text
    }
}

/// Why a packet is accepted or dropped.
package struct ExplainedReason: Sendable {
    /// Of the source, from 1; nil where no line says it.
    package var line: Int?
    /// Comes after the verdict: ` by guide.yaml:6 allow ssh`, `: no line allows it`.
    package var text: String

    package init(line: Int? = nil, _ text: String) {
        self.line = line
        self.text = text
    }
}

extension PacketExplainer {
    package func reason(_ outcomes: Outcomes, _ description: PacketDescription) -> ExplainedReason? { nil }

    /// Runs the packet; its time is that of the one before unless it says another.
    package mutating func explain(_ description: PacketDescription) -> Outcomes {
        if let time = description.time {
            (simulator.time, simulator.isDated) = (time.nanoseconds, time.isDate)
        }
        return explain(description.packet)
    }

    mutating func explain(_ packet: Packet) -> Outcomes {
        var outcomes = simulator.explore(packet)
        if !foreign.isEmpty { outcomes.fates.formUnion([.accept, .drop]) }
        return outcomes
    }

    /// The words that the outcome depends on.
    package func unknowns(_ outcomes: Outcomes) -> [String] {
        var words: [String] = []
        for word in outcomes.unknowns.map(simulator.unknown) + foreign where !words.contains(word) {
            words.append(word)
        }
        return words
    }
}

extension Outcomes {
    /// `accept`, `drop`, `reject`, `queue`; `depends` where what is not known decides.
    package var verdict: String {
        guard fates.count == 1, isComplete, let fate = fates.first else { return "depends" }
        return fate.rawValue
    }
}
