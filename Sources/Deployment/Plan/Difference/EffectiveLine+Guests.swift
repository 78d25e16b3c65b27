import PacketModel
import Policy

extension EffectiveLine {
    /// What `containers:` lets pass, what it publishes, and the denies of `inbound` that hold for what is published.
    static func guests(
        of policy: Policy,
        _ direction: Direction,
        _ classes: InterfaceClasses
    ) -> [EffectiveLine] {
        guard let containers = policy.containers else { return [] }
        let bridges = classes.classes(of: containers.bridges)
        let others = classes.all.subtracting(bridges)
        var result: [EffectiveLine] = []
        func pass(
            _ part: Containers.Part?,
            _ services: ServiceSet = .any,
            in inputs: IntervalSet<UInt64>? = nil,
            out outputs: IntervalSet<UInt64>? = nil
        ) {
            guard part.map(containers.parts.contains) ?? containers.allowsOutbound else { return }
            let box = PacketBox(
                services: IntervalSet(services),
                inputs: inputs ?? classes.all,
                outputs: outputs ?? classes.all
            )
            result.append(
                EffectiveLine(role: .guests(part), box: box, cause: .containers(containers.origin))
            )
        }
        switch direction {
        case .inbound:
            let questions = ServiceSet(.udp, [53, 67, 547]).union(ServiceSet(.tcp, [53]))
            pass(.guestServices, questions, in: bridges)
            result += published(containers, PacketBox(inputs: classes.all, outputs: classes.all))
        case .outbound:
            pass(.hostToBridge, out: bridges)
        case .forward:
            let each = Set(containers.bridges.map { classes.classes(of: [$0]) })
            for guests in each.sorted(by: { $0.intervals.lexicographicallyPrecedes($1.intervals) })
            where !each.contains(where: { $0 != guests && $0.isSuperset(of: guests) }) {
                pass(.sameBridge, in: guests, out: guests)
            }
            pass(nil, in: bridges, out: others)
            result += published(
                containers,
                PacketBox(inputs: classes.all, outputs: bridges, translation: [1])
            )
            for line in policy.lines where line.direction == .inbound && line.action == .deny {
                var box = PacketBox(line, classes)
                (box.outputs, box.translation) = (box.outputs.intersection(bridges), [1])
                if line.isBan, let spared = policy.management.exemptSources {
                    box.remote = box.remote.subtracting(spared)
                }
                let refusal = Refusal(isBan: line.isBan, answers: line.rejects)
                result.append(EffectiveLine(role: .deny(refusal), box: box, cause: .line(line.origin)))
            }
        }
        return result
    }

    private static func published(_ containers: Containers, _ way: PacketBox) -> [EffectiveLine] {
        containers.published.map { entry in
            var box = way
            box.services = IntervalSet(entry.services)
            box.remote = entry.source ?? .everywhere
            return EffectiveLine(role: .allow, box: box, cause: .published(entry.origin))
        }
    }
}
