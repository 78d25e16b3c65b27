import Kernel
import PacketModel
import Policy

/// Services that lines allow to this host and that nothing listens for.
struct IdleServices {
    private let listeners: [Listener]
    /// Ports that NAT sends elsewhere, and those that engines of containers publish.
    private let elsewhere: ServiceSet
    private let pair: PolicyPair

    /// A service of more ports is not asked about.
    private static let mostPorts: UInt64 = 16

    static func sentences(
        _ pair: PolicyPair,
        _ listeners: [Listener],
        _ translations: [PortTranslation] = []
    ) -> [PlanSentence] {
        let sent = translations.map { ServiceSet($0.transport, IntervalSet($0.ports)) }
        let this = IdleServices(
            listeners: listeners,
            elsewhere: pair.new.nat.map(\.services).filter { !$0.isAny }
                .appending(pair.new.containers?.published.map(\.services) ?? []).appending(sent)
                .reduce(ServiceSet()) { $0.union($1) },
            pair: pair
        )
        var asked: Set<IntervalSet<UInt64>> = []
        let lines = pair.new.lines.filter { line in
            line.direction == .inbound && line.action == .allow && !line.services.isAny
        }
        return lines.flatMap { line in
            ServiceWords(IntervalSet(line.services), title: line.origin.title).words
                .filter { asked.insert($0.services).inserted && this.isIdle($0.services) }
                .map { this.note($0, line.origin) }
        }
    }

    private func isIdle(_ services: IntervalSet<UInt64>) -> Bool {
        let ports = Self.ports(services)
        let isBusy = ports.contains { transport, port in
            elsewhere.contains(transport, port) || isListened(transport, port) { !$0.isLoopback }
        }
        return !ports.isEmpty && !isBusy
    }

    private func note(_ word: ServiceWords.Word, _ origin: Origin) -> PlanSentence {
        let isInside = Self.ports(word.services).contains { isListened($0, $1) { $0.isLoopback } }
        let text =
            isInside
            ? "\(word.text): only loopback is listened on"
            : "\(word.text): nothing listens for it"
        return PlanSentence(.note, .inbound, text, place: pair.place(origin, .new))
    }

    private func isListened(_ transport: IPProtocol, _ port: UInt16, at address: (IPAddress) -> Bool) -> Bool
    {
        listeners.contains {
            $0.transportProtocol == transport && $0.port == port && address($0.address)
        }
    }

    /// The ports of TCP and UDP; none when there are many, or others beside them.
    private static func ports(_ services: IntervalSet<UInt64>) -> [(IPProtocol, UInt16)] {
        let count = services.intervals.reduce(0) { $0 + ($1.upper - $1.lower) + 1 }
        guard count <= mostPorts else { return [] }
        let ports = services.intervals.flatMap { $0.lower...$0.upper }.map { service in
            (
                IPProtocol(number: UInt8(truncatingIfNeeded: service >> 16)),
                UInt16(truncatingIfNeeded: service)
            )
        }
        return ports.allSatisfy { $0.0 == .tcp || $0.0 == .udp } ? ports : []
    }
}

extension [ServiceSet] {
    fileprivate func appending(_ others: [ServiceSet]) -> [ServiceSet] { self + others }
}
