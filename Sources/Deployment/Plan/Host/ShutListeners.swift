import Kernel
import PacketModel
import Policy

/// Programs that wait for others to begin, and that nobody could reach under the new policy.
struct ShutListeners {
    private let pair: PolicyPair

    static func sentences(_ pair: PolicyPair, _ listeners: [Listener]) -> [PlanSentence] {
        let this = ShutListeners(pair: pair)
        let outside = listeners.filter { !$0.address.isLoopback && !this.isBaseline($0) && !$0.isClient }
        let open = Set(outside.filter { this.admits($0, .new) }.map(Service.init))
        let shut = outside.filter { !open.contains(Service($0)) }
        let isNew: (ListenerGroup) -> Bool = { group in
            pair.old == nil || group.listeners.contains { this.admits($0, .old) }
        }
        let groups = ListenerGroup.all(shut)
        let stays = groups.filter { !isNew($0) }.map { "\($0.name) on port \($0.port)" }
        let note = PlanSentence(.note, .inbound, "stays shut, as it is now: \(WordList.text(stays))")
        return groups.filter(isNew).map(this.warning) + (stays.isEmpty ? [] : [note])
    }

    /// What the sockets of a program on all addresses and families have in common.
    private struct Service: Hashable {
        var process: String?
        var transport: IPProtocol
        var port: UInt16

        init(_ listener: Listener) {
            (process, transport, port) = (listener.process, listener.transportProtocol, listener.port)
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
        "to open it, write under inbound:  - allow: \(ServiceWords(group.services).policyText)"
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
        pair.table(.inbound).passesAny(box(listener, side), side)
    }

    /// Packets that would reach the socket from outside.
    private func box(_ listener: Listener, _ side: LineTable.Side) -> PacketBox {
        let policy = side == .new ? pair.new : pair.old
        let asked = policy?.portsRedirected(to: listener.port, listener.transportProtocol) ?? []
        let ports = IntervalSet((asked + [listener.port]).map(Interval<UInt16>.init))
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

    /// The host's own DHCP: the baseline passes its answers.
    private func isBaseline(_ listener: Listener) -> Bool {
        guard listener.transportProtocol == .udp else { return false }
        return listener.port == 68 && pair.new.baseline.has(.dhcp)
            || listener.port == 546 && pair.new.baseline.has(.dhcpv6)
    }
}
