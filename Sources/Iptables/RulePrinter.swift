import Netfilter
import PacketModel

/// Writes one rule as the lines that say the same, without `-A CHAIN`.
///
/// A condition that iptables cannot say at once (twenty ports, two networks) becomes several lines. No packet
/// meets the conditions of two of them, so what they count or take from a bucket is taken once.
struct RulePrinter {
    let family: IPFamily
    let sets: [String: NamedSet]

    func lines(of rule: Rule) throws(Inexpressible) -> [String] {
        let matches = try alternatives(of: rule.conditions)
        if matches.count > 1, rule.conditions.contains(where: \.isUnnamedBucket) {
            throw Inexpressible("several lines cannot share a bucket that has no name")
        }
        let comment = rule.comment.map(CommentMatch.words) ?? []
        let logs = rule.statements.compactMap(\.log)
        if !logs.isEmpty, rule.verdict != nil, rule.conditions.contains(where: \.isStateful) {
            throw Inexpressible("a rule of iptables cannot both log and decide within one rate")
        }
        var lines: [String] = []
        for match in matches {
            let start = MatchText.words(of: match.texts) + comment
            for log in logs {
                lines.append((start + (try LogTarget.words(log))).joined(separator: " "))
            }
            if let verdict = rule.verdict {
                lines.append(
                    (start + (try TargetText.words(for: verdict, in: match.context))).joined(separator: " ")
                )
            } else if logs.isEmpty {
                lines.append(start.joined(separator: " "))
            }
        }
        return lines
    }

    /// Protocols come first: the words for ports and types depend on them.
    private func alternatives(
        of conditions: [Condition]
    ) throws(Inexpressible) -> [(context: RuleContext, texts: [MatchText])] {
        var result = try contexts(of: conditions)
        for condition in conditions where !condition.isProtocol {
            var next: [(context: RuleContext, texts: [MatchText])] = []
            for (context, texts) in result {
                for more in try MatchRegistry.alternatives(of: condition, in: context) {
                    next.append((context, texts + more))
                }
            }
            result = next
        }
        return result
    }

    private func contexts(
        of conditions: [Condition]
    ) throws(Inexpressible) -> [(context: RuleContext, texts: [MatchText])] {
        let context = RuleContext(family: family, sets: sets)
        let asked = conditions.filter(\.isProtocol)
        guard let condition = asked.first else { return [(context, [])] }
        guard asked.count == 1 else { throw Inexpressible("a rule of iptables asks for the protocol once") }
        let alternatives = try MatchRegistry.alternatives(of: condition, in: context)
        guard case .field(_, let protocols) = condition else { return alternatives.map { (context, $0) } }
        let numbers = protocols.intervals.flatMap { $0.lower...$0.upper }
        return zip(numbers, alternatives).map { number, texts in
            var context = context
            context.transportProtocol = IPProtocol(number: UInt8(truncatingIfNeeded: number))
            return (context, texts)
        }
    }
}

extension Condition {
    fileprivate var isProtocol: Bool {
        if case .field(.transportProtocol, _) = Test(self).condition { true } else { false }
    }

    fileprivate var isStateful: Bool {
        if case .stateful = Test(self).condition { true } else { false }
    }

    fileprivate var isUnnamedBucket: Bool {
        if case .stateful(.withinRate(let bucket)) = Test(self).condition {
            bucket.name == nil
        } else {
            false
        }
    }
}

extension Statement {
    fileprivate var log: Log? {
        switch self {
        case .log(let log): log
        case .counter, .alter, .addHops, .copyMark, .untrack, .remember, .aside: nil
        }
    }
}
