import PacketModel
import Policy

/// What every host asks of others, where no line admits it at all.
enum VitalOutbound {
    private struct Need {
        var services: [String]
        var ports: ServiceSet
        var failure: String
    }

    private static let needs = [
        Need(
            services: ["dns"],
            ports: ServiceSet(.udp, [53]).union(ServiceSet(.tcp, [53])),
            failure: "names cannot be looked up"
        ),
        Need(services: ["ntp"], ports: ServiceSet(.udp, [123]), failure: "the clock goes wrong"),
        Need(
            services: ["http", "https"],
            ports: ServiceSet(.tcp, [80, 443]),
            failure: "updates cannot be fetched"
        ),
    ]

    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        let missing = needs.filter { need in
            let box = PacketBox(
                services: IntervalSet(need.ports),
                inputs: pair.classes.all,
                outputs: pair.outside
            )
            return !pair.table(.outbound).passesAny(box, .new)
        }
        guard !missing.isEmpty else { return [] }
        let services = missing.flatMap(\.services)
        let list = services.count == 1 ? services[0] : "[\(services.joined(separator: ", "))]"
        return [
            PlanSentence(
                .warning,
                .outbound,
                "nothing admits \(WordList.text(services)): \(WordList.text(missing.map(\.failure)))",
                advice: ["to open it, write under outbound:  - allow: \(list)"]
            )
        ]
    }
}
