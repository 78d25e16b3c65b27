package import Kernel
package import PacketModel

/// Something that is tried: what is sent, and what must come of it.
package struct TrialCase: Sendable {
    package enum Expectation: Hashable, Sendable {
        case passes
        /// Nothing comes back.
        case silence
        /// A reset or an ICMP error comes back.
        case isRefused
        /// It does not arrive, however that is told to the sender.
        case isStopped
        /// So many of the probes pass.
        case passing(ClosedRange<Int>)
        /// The probes are dropped, and so many messages tell of it.
        case isLogged(ClosedRange<Int>)
        /// It passes, and leaves with one of these sources.
        case leaves(from: [IPAddress])
        /// It passes, and leaves for this destination.
        case arrives(at: IPAddress)
    }

    /// The line or the part of the baseline: `5 allow ssh`, `baseline`.
    package var title: String
    /// What is sent: `tcp/22 from 198.51.100.8`.
    package var sent: String
    package var family: IPFamily
    package var probes: [Probe]
    package var expectation: Expectation
    /// Nothing else is sent at the same time, because a limit would count it.
    package var isAlone: Bool
    /// So many tokens a second come into the bucket that is emptied.
    package var refill: Double

    package init(
        title: String,
        sent: String,
        family: IPFamily,
        probes: [Probe],
        expectation: Expectation,
        isAlone: Bool = false,
        refill: Double = 0
    ) {
        self.title = title
        self.sent = sent
        self.family = family
        self.probes = probes
        self.expectation = expectation
        self.isAlone = isAlone
        self.refill = refill
    }
}

extension TrialCase.Expectation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .passes: "passes"
        case .silence: "silence"
        case .isRefused: "refused"
        case .isStopped: "stopped"
        case .passing(let range): "\(Self.text(range)) pass"
        case .isLogged(let range): "\(Self.text(range)) logged"
        case .leaves(let sources): "from \(sources.map(\.description).joined(separator: " or "))"
        case .arrives(let destination): "to \(destination)"
        }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}

/// What came of a case.
package struct TrialResult: Sendable {
    package let trialCase: TrialCase
    package let observed: String
    package let agrees: Bool

    package init(_ trialCase: TrialCase, observed: String, agrees: Bool) {
        self.trialCase = trialCase
        self.observed = observed
        self.agrees = agrees
    }

    /// Holds the outcomes of the probes, and the messages that came of them, against what was expected; `seconds` is how
    /// long buckets had to fill meanwhile.
    init(_ trialCase: TrialCase, _ outcomes: [Outcome], messages: Int = 0, seconds: Double = 0) {
        let passed = outcomes.count { $0.observation == .passed }
        let first = outcomes.first
        let isPassed = first?.observation == .passed
        let observation = first.map { "\($0.observation)" } ?? "nothing sent"
        switch trialCase.expectation {
        case .passes: self.init(trialCase, observed: observation, agrees: isPassed)
        case .silence: self.init(trialCase, observed: observation, agrees: first?.observation == .silence)
        case .isRefused:
            let isRefused = if case .refused? = first?.observation { true } else { false }
            self.init(trialCase, observed: observation, agrees: isRefused)
        case .isStopped: self.init(trialCase, observed: observation, agrees: first != nil && !isPassed)
        case .passing(let range):
            let most = range.upperBound + Int(trialCase.refill * seconds)
            let agrees = passed >= range.lowerBound && passed <= most
            self.init(trialCase, observed: "\(passed) passed", agrees: agrees)
        case .isLogged(let range):
            let most = range.upperBound + Int(trialCase.refill * seconds)
            let agrees = messages >= range.lowerBound && messages <= most && passed == 0
            self.init(trialCase, observed: "\(messages) logged", agrees: agrees)
        case .leaves(let sources):
            let seen = first?.seen?.source
            let agrees = seen.map(sources.contains) ?? false
            self.init(trialCase, observed: seen.map { "from \($0)" } ?? observation, agrees: agrees)
        case .arrives(let destination):
            let seen = first?.seen?.destination
            self.init(
                trialCase,
                observed: seen.map { "to \($0)" } ?? observation,
                agrees: seen == destination
            )
        }
    }
}
