import Diagnostics
import PacketModel

/// A packet has one family: the parts of a line must have one in common.
enum FamilyCheck {
    static func check(_ line: PolicyLine, _ node: YAMLNode, _ reading: inout Reading) {
        let action = line.action.rawValue
        report(
            [
                (action, families(of: line.services)), ("from", families(of: line.source)),
                ("to", families(of: line.destination)),
            ],
            node,
            &reading
        )
    }

    /// Reports parts (by key) that share no family. Empty parts are for others to report.
    static func report(
        _ parts: [(key: String, families: Set<IPFamily>)],
        _ node: YAMLNode,
        _ reading: inout Reading
    ) {
        let common = parts.reduce(Set(IPFamily.allCases)) { $0.intersection($1.families) }
        guard common.isEmpty, !parts.contains(where: { $0.families.isEmpty }) else { return }
        let bound = parts.filter { $0.families.count == 1 }.map { part in
            let entry = node.entry(part.key) ?? node.entry("except")
            let place = entry.map { reading.firstLine(of: $0.value) } ?? node.range
            return (range: place, message: part.families.contains(.ipv4) ? "IPv4 only" : "IPv6 only")
        }
        guard let first = bound.first else { return }
        let message = "no packet can be in every part of this line"
        reading.report(
            "policy.family.disjoint",
            message,
            at: first.range,
            first.message,
            also: Array(bound.dropFirst())
        )
    }

    static func families(of addresses: AddressSet?) -> Set<IPFamily> {
        guard let addresses else { return Set(IPFamily.allCases) }
        return Set(IPFamily.allCases.filter { !addresses[$0].isEmpty })
    }

    static func families(of services: ServiceSet) -> Set<IPFamily> {
        if services.isAny { return Set(IPFamily.allCases) }
        return services.members.keys.reduce(into: []) { families, transport in
            families.formUnion(transport.family.map { [$0] } ?? Set(IPFamily.allCases))
        }
    }
}
