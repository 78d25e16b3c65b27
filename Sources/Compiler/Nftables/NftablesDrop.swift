import Netfilter
import PacketModel
import Policy

/// What is dropped, and what is said of it.
extension NftablesLowering {
    /// Adds the end of the way for a direction: `…_rest` for what no line admits, `…_drop` for what the
    /// baseline refuses. Both speak through one limit.
    mutating func addDrop(_ direction: Direction) {
        let name = direction.hookName
        var log: [Rule] = []
        if let rate = policy.log.dropped {
            add("\(name)_log", logRules(rate, reason: "\(direction.rawValue) drop"))
            log = [Rule([], [], .jump("\(name)_log"))]
            add("\(name)_drop", log + [Rule([], [], .drop)])
        }
        let end: [Rule] =
            switch policy.rest[direction] ?? .drop {
            case .drop: [Rule([], [.counter], .drop, comment: "dropped: no line allows it")]
            case .reject: rejectRules(comment: "rejected: no line allows it")
            }
        add("\(name)_rest", log + end)
    }

    /// Drops what the baseline refuses, with a message where drops are logged.
    func dropVerdict(_ direction: Direction) -> Verdict {
        policy.log.dropped == nil ? .drop : .goto("\(direction.hookName)_drop")
    }

    func rejectRules(comment: String?) -> [Rule] {
        [
            Rule([.transportProtocol(.tcp)], [.counter], .reject(.reset), comment: comment),
            Rule([], [.counter], .reject(.prohibited), comment: comment),
        ]
    }

    /// Messages within a rate that holds for each family.
    func logRules(_ rate: Rate, reason: String) -> [Rule] {
        let log = Log(prefix: policy.logPrefix(reason), destination: policy.log.destination)
        let bucket = TokenBucket(rate: rate, burst: rate.count)
        return IPFamily.allCases.map { family in
            Rule([.family(family), .stateful(.withinRate(bucket))], [.log(log)])
        }
    }

    /// The rules of a line that has a chain of its own.
    mutating func lineRules(_ line: PolicyLine, _ direction: Direction) -> [Rule] {
        let comment = policy.comment(line.origin)
        let log = line.log.map { logRules($0, reason: line.origin.title) } ?? []
        let counted = Rule([], [.counter], comment: comment)
        switch line.action {
        case .allow:
            return [counted] + log + [Rule([], [], .accept)]
        case .deny:
            let end = line.rejects ? rejectRules(comment: nil) : [Rule([], [], .drop)]
            let broken = line.log != nil || line.rejects ? brokenRules(direction) : []
            return exemptions(direction, sparing: line.isBan) + broken + [counted] + log + end
        }
    }
}
