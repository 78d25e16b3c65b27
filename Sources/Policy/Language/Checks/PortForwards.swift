import Diagnostics
import PacketModel

/// Warns of a port-forward whose packets no line of `forward:` admits.
enum PortForwards {
    static func check(_ policy: Policy, _ reading: inout Reading) {
        let allows = policy.lines.filter { $0.direction == .forward && $0.action == .allow }
        for line in policy.nat {
            guard case .portForward(let address, _) = line.action else { continue }
            let isAdmitted = allows.contains { admits($0, line, to: address) }
            let isPublished =
                policy.containers?.published.contains { $0.services.overlaps(line.services) } ?? false
            if isAdmitted || isPublished { continue }
            reading.warn(
                "policy.nat.unadmitted",
                "no line of `forward:` admits what this port-forward translates",
                at: reading.firstLine(of: line.origin.range),
                notes: ["a line names the port that was asked for and the address behind: to: \(address)"],
                fix: "add a forward line that allows it to \(address)"
            )
        }
    }

    /// Some packet of the port-forward is in the allow.
    private static func admits(_ allow: PolicyLine, _ line: TranslationLine, to address: IPAddress) -> Bool {
        let sources = allow.source.map { mine in
            line.source.map { !mine[address.family].isDisjoint(with: $0[address.family]) }
                ?? !mine[address.family].isEmpty
        }
        return allow.services.overlaps(line.services) && allow.destination?.contains(address) != false
            && sources != false && InterfacePattern.meet(allow.inputInterfaces, line.inputInterfaces)
    }
}
