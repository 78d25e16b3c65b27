import PacketModel
import Policy

/// Changes of `nat:`, by the packets that are translated and what they become.
struct TranslationChanges {
    /// What NAT does; lines that do the same are one here, in whatever order they stand.
    private struct Deed: Hashable {
        var action: TranslationLine.Action
        /// Only packets to this host are asked.
        var concernsHost: Bool
    }

    static func sentences(_ pair: PolicyPair) -> [PlanSentence] {
        let lines = { (policy: Policy?) in Dictionary(grouping: policy?.nat ?? [], by: deed) }
        let (old, new) = (lines(pair.old), lines(pair.new))
        let deeds = Set(old.keys).union(new.keys).map { ($0, String(describing: $0)) }.sorted { $0.1 < $1.1 }
        return deeds.flatMap { deed, _ in
            let table = LineTable(
                .forward,
                old: (old[deed] ?? []).map { effective($0, pair.classes) },
                new: (new[deed] ?? []).map { effective($0, pair.classes) }
            )
            return Difference(table).findings.flatMap { sentences($0, deed, pair) }
        }
    }

    private static func sentences(_ finding: Finding, _ deed: Deed, _ pair: PolicyPair) -> [PlanSentence] {
        let words = pair.words(.forward)
        return finding.cells.map { cell in
            let causes = finding.candidate.causes(in: [cell])
            let longer = finding.effect == .opened ? "" : "no longer "
            let packets = words.text(cell, title: causes.first?.origin?.title ?? "")
            let text = "nat: \(longer)\(Self.text(deed.action, packets))"
            return PlanSentence(.changes, nil, text, place: pair.place(causes, finding.candidate.side))
        }
    }

    private static func text(_ action: TranslationLine.Action, _ packets: String) -> String {
        switch action {
        case .masquerade: "masquerades \(packets)"
        case .redirect(let port): "redirects \(packets) to port \(port) of this host"
        case .portForward(let address, let port):
            "forwards \(packets) to \(Endpoint(address, port).description)"
        }
    }

    private static func deed(_ line: TranslationLine) -> Deed {
        let concernsHost =
            switch line.action {
            case .masquerade: false
            case .redirect: line.inputInterfaces == nil
            case .portForward: true
            }
        return Deed(action: line.action, concernsHost: concernsHost)
    }

    /// The line as an allow of its own: what it admits is what it translates.
    private static func effective(_ line: TranslationLine, _ classes: InterfaceClasses) -> EffectiveLine {
        var box = PacketBox(
            services: IntervalSet(line.services),
            inputs: classes.classes(of: line.inputInterfaces),
            outputs: classes.classes(of: line.outputInterfaces),
            local: line.destination ?? .everywhere,
            remote: line.source ?? .everywhere
        )
        switch line.action {
        case .masquerade: box.remote = line.source ?? .masqueradedNetworks
        case .redirect: break
        case .portForward(let address, _):
            var family = AddressSet()
            family[address.family] = AddressSet.everywhere[address.family]
            box.remote = box.remote.intersection(family)
        }
        return EffectiveLine(role: .allow, box: box, cause: .line(line.origin))
    }
}
