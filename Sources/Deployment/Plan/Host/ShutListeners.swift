import Kernel
import PacketModel
import Policy

/// Programs that wait for others to begin, and that nobody could reach under the new policy.
struct ShutListeners {
    private let pair: PolicyPair
    private let published: PublishedServices

    static func sentences(
        _ pair: PolicyPair,
        _ listeners: [Listener],
        _ translations: [PortTranslation] = []
    ) -> [PlanSentence] {
        let this = ShutListeners(pair: pair, published: PublishedServices(translations))
        let outside = listeners.filter { !$0.address.isLoopback && !$0.isClient }
        let open = Set(outside.filter { this.admits($0, .new) }.map(Program.init))
        let shut = outside.filter { !open.contains(Program($0)) }
        let isNew: (ListenerGroup) -> Bool = { group in
            pair.old == nil || group.listeners.contains { this.admits($0, .old) }
        }
        let groups = ListenerGroup.all(shut)
        let stays = groups.filter { !isNew($0) }.map { "\($0.name) on port \($0.port)" }
        let note = PlanSentence(.note, .inbound, "stays shut, as it is now: \(WordList.text(stays))")
        return groups.filter(isNew).map(this.warning) + (stays.isEmpty ? [] : [note])
    }

    /// What the sockets of a program on all addresses and families have in common.
    private struct Program: Hashable {
        var process: String?
        var user: String?
        var transport: IPProtocol
        var port: UInt16

        init(_ listener: Listener) {
            (process, user) = (listener.process, listener.user)
            (transport, port) = (listener.transportProtocol, listener.port)
        }
    }

    private func warning(_ group: ListenerGroup) -> PlanSentence {
        PlanSentence(
            .warning,
            .inbound,
            "\(group.name) listens on \(WordList.text(group.sockets)), and nobody could reach it",
            advice: [deny(group).map { "line \($0.line) shuts it: \($0.title)" } ?? opening(group)]
        )
    }

    private func opening(_ group: ListenerGroup) -> String {
        if group.listeners.contains(where: published.isPublished) {
            return PublishedServices.advice(pair, [ServiceWords(group.services).policyText])
        }
        let asked = group.listeners.flatMap { listener in
            published.asked(listener).map { ServiceSet(listener.transportProtocol, IntervalSet($0)) }
        }
        if !asked.isEmpty {
            let services = IntervalSet(asked.reduce(ServiceSet()) { $0.union($1) })
            return
                "others ask for another port, and a rule sends them here: to open it, write under inbound:  "
                + "- allow: \(ServiceWords(services).policyText)"
        }
        return "to open it, write under inbound:  - allow: \(ServiceWords(group.services).policyText)"
    }

    /// The deny that stands against what some line allows.
    private func deny(_ group: ListenerGroup) -> Origin? {
        guard let listener = group.listeners.first else { return nil }
        var work = 0
        let table = pair.table(.inbound)
        let lines = table.index.meeting(box(listener, .new), work: &work).map { table.entries[$0] }
            .filter { $0.sides.contains(.new) }
        guard lines.contains(where: { $0.role == .allow || $0.role.isLimited }) else { return nil }
        return lines.first { $0.role.refusal != nil }?.parts.first?.cause.origin
    }

    private func admits(_ listener: Listener, _ side: LineTable.Side) -> Bool {
        isBaseline(listener, side) || pair.table(.inbound).passesAny(box(listener, side), side)
    }

    /// Packets that would reach the socket from outside.
    private func box(_ listener: Listener, _ side: LineTable.Side) -> PacketBox {
        let asked = policy(side)?.portsRedirected(to: listener.port, listener.transportProtocol) ?? []
        let others = published.asked(listener).map { IntervalSet($0) }
        let ports = others.reduce(IntervalSet((asked + [listener.port]).map(Interval<UInt16>.init))) {
            $0.union($1)
        }
        var local = AddressSet()
        for family in IPFamily.allCases where listener.takesBothFamilies || family == listener.address.family
        {
            local[family] = AddressSet.everywhere[family]
        }
        if !listener.address.isUnspecified { local[listener.address.family] = [listener.address.value] }
        return PacketBox(
            services: IntervalSet(ServiceSet(listener.transportProtocol, ports)),
            inputs: pair.outside,
            outputs: pair.classes.all,
            local: local
        )
    }

    /// The host's own DHCP: its answers pass without a line.
    private func isBaseline(_ listener: Listener, _ side: LineTable.Side) -> Bool {
        guard listener.transportProtocol == .udp, let policy = policy(side) else { return false }
        return listener.port == 68 && policy.baseline.has(.dhcp)
            || listener.port == 546 && policy.baseline.has(.dhcpv6)
    }

    private func policy(_ side: LineTable.Side) -> Policy? {
        switch side {
        case .old: pair.old
        case .new: pair.new
        }
    }
}
