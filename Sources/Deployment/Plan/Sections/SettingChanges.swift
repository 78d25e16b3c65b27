import Netfilter
import PacketModel
import Policy

/// Changes of what is no line: the rest, the log, management and the backend.
enum SettingChanges {
    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        guard let old = pair.old else { return [] }
        return rest(old, pair.new) + log(old.log, pair.new.log) + management(old, pair)
            + backend(old.backend, pair.new.backend)
    }

    private static func rest(_ old: Policy, _ new: Policy) -> [PlanSentence] {
        Direction.allCases.compactMap { direction in
            let (was, isNow) = (old.rest[direction] ?? .drop, new.rest[direction] ?? .drop)
            guard was != isNow else { return nil }
            let how = isNow == .drop ? "dropped in silence now" : "answered with a refusal now"
            return PlanSentence(.changes, direction, "rest: what nothing admits is \(how)")
        }
    }

    private static func log(_ old: LogSettings, _ new: LogSettings) -> [PlanSentence] {
        let pairs = [
            (rate(old.dropped), rate(new.dropped), "what is dropped is"),
            (destination(old.destination), destination(new.destination), "messages go"),
            ("`\(old.prefix)`", "`\(new.prefix)`", "messages begin with"),
        ]
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
            let ports = obligation.ports.map { ports in
                ServiceWords(IntervalSet<UInt64>(ServiceSet(.tcp, ports))).text
            }
            return "\(ports ?? "SSH") from \(obligation.from.map(AddressWords.text) ?? "somewhere")"
        }
    }

    private static func backend(_ old: Policy.Backend, _ new: Policy.Backend) -> [PlanSentence] {
        guard old != new else { return [] }
        return [PlanSentence(.changes, nil, "backend: \(new.rawValue) now, was \(old.rawValue)")]
    }
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
