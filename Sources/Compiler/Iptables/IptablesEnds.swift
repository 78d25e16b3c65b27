import Netfilter
import PacketModel
import Policy

/// What becomes of packets, and what is said of them.
extension IptablesLowering {
    /// What admits a packet of the line: back to the built-in chain, by way of a message where the line logs.
    mutating func admission(of line: PolicyLine, stem: String) -> Verdict {
        guard let rate = line.log else { return .return }
        let name = chains.startNext(stem, comment: "logged: \(policy.comment(line.origin))")
        chains.add(logRules(rate, reason: line.origin.title) + [Rule([], [], .return)], to: name)
        return .goto(name)
    }

    /// What refuses a packet of the line.
    mutating func refusal(of line: PolicyLine, _ direction: Direction, stem: String) -> Verdict {
        if line.log == nil && !line.rejects { return .drop }
        let comment = policy.comment(line.origin)
        let name = chains.startNext(stem, comment: "refused: \(comment)")
        let log = line.log.map { logRules($0, reason: line.origin.title) } ?? []
        let end =
            line.rejects ? rejectRules(comment: comment) : [Rule([], [.counter], .drop, comment: comment)]
        chains.add(brokenRules(direction) + log + end, to: name)
        return .goto(name)
    }

    /// The ends of a direction's way: for what no line admits, and for what the baseline refuses.
    mutating func addEnds(_ direction: Direction, rest: String, dropped: String) {
        let log = policy.log.dropped.map { logRules($0, reason: "\(direction.rawValue) drop") } ?? []
        chains.start(rest, comment: "the end: what no line allows")
        switch policy.rest[direction] ?? .drop {
        case .drop where log.isEmpty:
            chains.add(Rule([], [.counter], .drop, comment: "dropped: no line allows it"), to: rest)
        case .drop:
            chains.add(Rule([], [], .goto(dropped)), to: rest)
        case .reject:
            chains.add(log + rejectRules(comment: "rejected: no line allows it"), to: rest)
        }
        chains.start(dropped, comment: "dropped, and said so within the limit")
        chains.add(log + [Rule([], [.counter], .drop)], to: dropped)
    }

    private func rejectRules(comment: String?) -> [Rule] {
        [
            Rule([.transportProtocol(.tcp)], [.counter], .reject(.reset), comment: comment),
            Rule([], [.counter], .reject(.prohibited), comment: comment),
        ]
    }

    /// A message within a rate; what the extension `limit` cannot count is brought down to its fastest.
    private func logRules(_ rate: Rate, reason: String) -> [Rule] {
        let fastest = 10_000 * UInt64(rate.unit.seconds)
        let log = Log(prefix: policy.logPrefix(reason), destination: policy.log.destination)
        let slowed = UInt64(rate.count) <= fastest ? rate : Rate(UInt32(fastest), per: rate.unit) ?? rate
        let bucket = TokenBucket(rate: slowed, burst: min(rate.count, 10_000))
        return [Rule([.stateful(.withinRate(bucket))], [.log(log)])]
    }
}
