import Kernel
import PacketModel
import Policy

/// Programs that speak a protocol without ports, and that the new policy silences: a router of VRRP whose adverts do not get
/// out loses its address to the other, or both hold it.
enum RawProtocols {
    static func sentences(_ pair: PolicyPair, _ raw: [RawListener]) -> [PlanSentence] {
        var programs: [IPProtocol: Set<String>] = [:]
        for listener in raw {
            programs[listener.transportProtocol, default: []].insert(listener.process ?? "something")
        }
        return programs.sorted { $0.key < $1.key }.flatMap { transport, names in
            [Direction.inbound, .outbound].compactMap { direction in
                warning(pair, transport, WordList.text(names.sorted()), direction)
            }
        }
    }

    private static func warning(
        _ pair: PolicyPair,
        _ transport: IPProtocol,
        _ names: String,
        _ direction: Direction
    ) -> PlanSentence? {
        let services = IntervalSet(ServiceSet(transport))
        let box = PacketBox(
            services: services,
            inputs: direction == .inbound ? pair.outside : pair.classes.all,
            outputs: direction == .outbound ? pair.outside : pair.classes.all
        )
        guard !pair.table(direction).passesAny(box, .new) else { return nil }
        let words = ServiceWords(services)
        let what = direction == .inbound ? "none of it would get in" : "none of it would get out"
        return PlanSentence(
            .warning,
            direction,
            "\(names) uses \(words.text), and \(what)",
            advice: ["to open it, write under \(direction.rawValue):  - allow: \(words.policyText)"]
        )
    }
}
