import Netfilter
import PacketModel
import Policy

/// Changes of what is no line: the rest, the log, management and the backend.
enum SettingChanges {
    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        guard let old = pair.old else { return [] }
        return rest(old, pair.new) + log(old, pair.new) + management(old, pair)
            + backend(old.backend, pair.new.backend) + cut(old, pair.new)
    }

    private static func cut(_ old: Policy, _ new: Policy) -> [PlanSentence] {
        guard old.endsStrays != new.endsStrays else { return [] }
        let what =
            new.endsStrays
            ? "connections that the policy would refuse are ended at an apply now"
            : "connections that the policy would refuse stay now"
        return [PlanSentence(.changes, nil, "cut: \(what)")]
    }

    private static func rest(_ old: Policy, _ new: Policy) -> [PlanSentence] {
        Direction.allCases.compactMap { direction in
            let (was, isNow) = (old.rest[direction] ?? .drop, new.rest[direction] ?? .drop)
            guard was != isNow else { return nil }
            let how = isNow == .drop ? "dropped in silence now" : "answered with a refusal now"
            return PlanSentence(.changes, direction, "rest: what no line allows is \(how)")
        }
    }

    private static func log(_ old: Policy, _ new: Policy) -> [PlanSentence] {
        let (was, isNow) = (old.log, new.log)
        var pairs = [(rate(was.dropped), rate(isNow.dropped), "what is dropped is")]
        // Where messages would go is nothing to a policy that logs nothing.
        if old.logs && new.logs {
            pairs.append((destination(was.destination), destination(isNow.destination), "messages go"))
            pairs.append(("`\(was.prefix)`", "`\(isNow.prefix)`", "messages begin with"))
        }
        return pairs.filter { $0.0 != $0.1 }.map { was, isNow, what in
            PlanSentence(.changes, nil, "log: \(what) \(isNow) now, was \(was)")
        }
    }

    private static func rate(_ rate: Rate?) -> String { rate.map { "logged at \($0)" } ?? "not logged" }

    private static func destination(_ destination: Log.Destination) -> String {
        switch destination {
        case .kernelLog(let level): "to the kernel log at level \(level.rawValue)"
        case .group(let group): "to NFLOG group \(group)"
        }
    }

    private static func management(_ old: Policy, _ pair: PolicyPair) -> [PlanSentence] {
        let (was, isNow) = (words(old.management), words(pair.new.management))
        guard was != isNow || old.management.content != pair.new.management.content else { return [] }
        let origin: Origin? =
            switch pair.new.management {
            case .none: nil
            case .obligation(let obligation): obligation.origin
            }
        let before = was == isNow ? "from other addresses" : was
        let text = "management: what must stay reachable is \(isNow) now, was \(before)"
        return [PlanSentence(.changes, nil, text, place: pair.place(origin, .new))]
    }

    private static func words(_ management: Management) -> String {
        switch management {
        case .none: return "nothing"
        case .obligation(let obligation):
            let ports = obligation.ports.map { " on \(ServiceSet(.tcp, $0).description)" } ?? ""
            return "SSH\(ports) from \(obligation.from.map(AddressWords.text) ?? "somewhere")"
        }
    }

    private static func backend(_ old: Policy.Backend, _ new: Policy.Backend) -> [PlanSentence] {
        guard old != new else { return [] }
        return [PlanSentence(.changes, nil, "backend: \(new.rawValue) now, was \(old.rawValue)")]
    }
}

extension Policy {
    fileprivate var logs: Bool { log.dropped != nil || lines.contains { $0.log != nil } }
}

extension Management {
    /// Without its place.
    fileprivate var content: Management {
        switch self {
        case .none: return .none
        case .obligation(var obligation):
            obligation.origin = nil
            return .obligation(obligation)
        }
    }
}
