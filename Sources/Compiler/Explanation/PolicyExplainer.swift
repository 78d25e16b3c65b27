package import Diagnostics
import Netfilter
package import PacketModel
package import Policy
package import Simulation

/// Says of packets what a policy does to them: by the rules that it is compiled to, with the line that is the reason.
package struct PolicyExplainer: PacketExplainer {
    package let family: IPFamily
    package var simulator: Simulator
    package let foreign: [String] = []
    private let policy: Policy
    private let ruleset: Ruleset

    /// Throws what keeps the policy from being compiled.
    package init(_ policy: Policy, family: IPFamily) throws(Diagnostic) {
        self.policy = policy
        self.family = family
        ruleset =
            switch policy.backend {
            case .auto, .nftables: try NftablesLowering.lower(policy)
            case .iptables: try IptablesLowering.lower(policy, family: family, usesIpset: true)
            }
        simulator = Simulator(ruleset, family: family)
    }

    /// Of the compiled rules those that name a line or a part, and the last.
    package func step(_ step: Trace.Step) -> ExplainedStep? {
        let table = ruleset.tables[step.table]
        let chain = table.chains[step.chain]
        guard let number = step.rule else {
            // An accepting policy decides nothing that the rules before it did not.
            guard let policy = chain.hook?.policy, policy == .drop else { return nil }
            return ExplainedStep(
                table: table.name,
                chain: chain.name,
                rule: nil,
                line: nil,
                action: policy.rawValue,
                text: "policy \(policy.rawValue)"
            )
        }
        let rule = chain.rules[number]
        guard let text = rule.comment ?? rule.verdict?.translationWords else { return nil }
        return ExplainedStep(
            table: table.name,
            chain: chain.name,
            rule: number + 1,
            line: policy.line(in: text),
            action: rule.verdict?.word,
            text: text
        )
    }

    package func reason(_ outcomes: Outcomes, _ description: PacketDescription) -> ExplainedReason? {
        if outcomes.trace.isExpired || outcomes.trace.isForMany { return nil }
        let passes = outcomes.trace.fate == .accept
        if let approach = Approach(description, outcomes) {
            let judgement = policy.judge(approach)
            // Over its limit what a line limits is dropped.
            let isOverLimit = if case .limited = judgement { !passes } else { false }
            if judgement.passes == passes || isOverLimit {
                return policy.reason(judgement, isOverLimit: isOverLimit)
            }
        }
        let comments = outcomes.trace.path.compactMap(step).map(\.text)
        let ends: Set<String> = ["policy drop", "dropped: no line allows it", "rejected: no line allows it"]
        guard let last = comments.last, passes || !ends.contains(last) else {
            return passes ? nil : ExplainedReason(": no line allows it")
        }
        return ExplainedReason(line: policy.line(in: last), " by \(last)")
    }
}

extension Policy {
    fileprivate func reason(_ judgement: Judgement, isOverLimit: Bool) -> ExplainedReason {
        func by(_ origin: Origin, _ more: String = "") -> ExplainedReason {
            ExplainedReason(line: origin.line, " by \(comment(origin))\(more)")
        }
        switch judgement {
        case .baseline(let part), .dropped(let part): return ExplainedReason(" by baseline \(part.rawValue)")
        case .containers: return ExplainedReason(" by containers")
        case .banned(let origin), .denied(let origin), .admitted(let origin): return by(origin)
        case .limited(let origins):
            guard let first = origins.first else { return ExplainedReason(": no line allows it") }
            return by(first, isOverLimit ? ", which is over its limit" : ", while under its limit")
        case .rest: return ExplainedReason(": no line allows it")
        }
    }

    /// The line that a comment of a compiled rule names: `guide.yaml:6 allow ssh`.
    fileprivate func line(in comment: String) -> Int? {
        guard comment.hasPrefix("\(fileName):") else { return nil }
        return Int(comment.dropFirst(fileName.count + 1).prefix { $0.isNumber })
    }
}

extension Approach {
    /// The packet as the policy sees it, if it starts a connection and NAT left it alone.
    fileprivate init?(_ description: PacketDescription, _ outcomes: Outcomes) {
        let packet = description.completed
        guard packet.state == .new || packet.state == .untracked, outcomes.trace.forwarding == nil,
            let transport = packet.transportProtocol, let source = packet.source,
            let destination = packet.destination
        else { return nil }
        let types = packet.icmpType.map { UInt16($0) << 8 | UInt16(packet.icmpCode ?? 0) }
        self.init(
            direction: packet.inputInterface == nil
                ? .outbound : packet.outputInterface == nil ? .inbound : .forward,
            transportProtocol: transport,
            member: packet.destinationPort ?? types ?? 0,
            source: source,
            destination: destination,
            inputInterface: packet.inputInterface,
            outputInterface: packet.outputInterface,
            user: packet.inputInterface == nil ? packet.user ?? 0 : nil,
            time: packet.time.map { CalendarTime(seconds: $0.nanoseconds / 1_000_000_000) }
                ?? CalendarTime(seconds: 0)
        )
    }
}

extension Verdict {
    /// What NAT does, for rules without a comment.
    fileprivate var translationWords: String? {
        switch self {
        case .masquerade: "masquerade"
        case .redirect(let port): "redirect to \(port)"
        case .destinationNAT(let address, let port):
            "to \(address)\(port.map { " port \($0)" } ?? "")"
        case .accept, .drop, .reject, .return, .jump, .goto, .lookup, .choice, .translate, .queue, .unknown:
            nil
        }
    }

    fileprivate var word: String? {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .reject: "reject"
        case .return: "return"
        case .jump(let chain), .goto(let chain): chain
        case .masquerade: "masquerade"
        case .redirect: "redirect"
        case .destinationNAT, .translate: "nat"
        case .lookup, .choice, .queue, .unknown: nil
        }
    }
}
