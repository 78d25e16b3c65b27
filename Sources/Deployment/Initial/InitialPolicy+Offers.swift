import Kernel
import PacketModel
import Policy

extension InitialPolicy {
    /// A line that a person may uncomment.
    struct Offer: Hashable {
        var service: String
        var remark: String
    }

    /// A port that is listened on.
    struct Port: Hashable, Comparable {
        var transportProtocol: IPProtocol
        var number: UInt16

        static func < (left: Port, right: Port) -> Bool {
            (left.transportProtocol, left.number) < (right.transportProtocol, right.number)
        }
    }

    /// What listens besides SSH and what containers publish: first what others can reach, then what only this host can.
    var offers: [Offer] {
        let ssh = Set(sshPorts)
        let others = ports.filter { port, listeners in
            !(port.transportProtocol == .tcp && ssh.contains(port.number)) && !isPublished(listeners)
        }
        let redirected = others.filter { !asked($0.value).isEmpty }
        let reachable = others.filter { !$0.value.allSatisfy(\.isOnLoopback) && redirected[$0.key] == nil }
        let local = others.filter { $0.value.allSatisfy(\.isOnLoopback) && redirected[$0.key] == nil }
        return Self.offers(reachable) + redirected.sorted { $0.key < $1.key }.map(redirection)
            + Self.offers(local, ", loopback only: needs no line")
    }

    /// The line for a program that others reach by another port than its own.
    private func redirection(_ port: Port, _ listeners: [Listener]) -> Offer {
        let asked = asked(listeners).reduce(ServiceSet()) {
            $0.union(ServiceSet(port.transportProtocol, IntervalSet($1)))
        }
        return Offer(
            service: ServiceWords(IntervalSet(asked)).policyText,
            remark: "\(Self.remark(listeners)), where a rule sends it"
        )
    }

    /// What programs speak that has no ports; both ways need a line.
    var rawOffers: [Offer] {
        Dictionary(grouping: raw, by: \.transportProtocol).sorted { $0.key < $1.key }.map {
            transport,
            listeners in
            let programs = Set(listeners.map { $0.process.map(Self.plain) ?? "an unknown program" }).sorted()
            let service = ServiceWords(IntervalSet(ServiceSet(transport))).policyText
            return Offer(service: service, remark: "\(Self.few(programs)) speaks it")
        }
    }

    /// The ports that are sent to guests, and those that an engine's own process holds for them, as a policy writes them.
    var publishedPorts: [String] {
        let held = ports.filter { isPublished($0.value) && !$0.value.allSatisfy(\.isOnLoopback) }.keys
        let sent = translations.filter { translation in
            guard case .elsewhere = translation.target else { return false }
            return translation.owner != nil && translation.ports.lowerBound == translation.ports.upperBound
        }.map { Port(transportProtocol: $0.transport, number: $0.ports.lowerBound) }
        return Set(held).union(sent).sorted().map(\.description)
    }

    private var ports: [Port: [Listener]] {
        Dictionary(grouping: listeners) { Port(transportProtocol: $0.transportProtocol, number: $0.port) }
    }

    private func isPublished(_ listeners: [Listener]) -> Bool {
        !bridges.isEmpty && listeners.allSatisfy(PublishedServices(translations).isPublished)
    }

    /// The ports that are asked for when packets reach these sockets: a line names what is asked for (`asked`, not held).
    private func asked(_ listeners: [Listener]) -> [ClosedRange<UInt16>] {
        listeners.flatMap(PublishedServices(translations).asked)
    }

    private static func offers(_ ports: [Port: [Listener]], _ note: String = "") -> [Offer] {
        var rest = ports
        var result: [Offer] = []
        for port in ports.keys.sorted() {
            guard let first = rest[port] else { continue }
            let candidates = services(of: port, first, among: rest)
            let named = candidates.count == 1 ? candidates.first : nil
            let members = named?.members ?? [port]
            let listeners = members.flatMap { rest[$0] ?? [] }
            members.forEach { rest[$0] = nil }
            let guess = candidates.count > 1 ? ", perhaps \(few(candidates.map(\.name), "or"))" : ""
            let reason = note.isEmpty && members.allSatisfy(\.isOfLease) ? leaseNote : note
            result.append(
                Offer(
                    service: named?.name ?? port.description,
                    remark: remark(listeners) + guess + reason
                )
            )
        }
        return result
    }

    private static let leaseNote = ", let in by the baseline: needs no line"

    /// The services of the catalogue that a port may belong to: those whose ports are all among these, so that their
    /// line opens nothing else. Those that are called like a program of root's come before others, then the largest; what
    /// is left is all alike.
    private static func services(
        of port: Port,
        _ listeners: [Listener],
        among ports: [Port: [Listener]]
    ) -> [Candidate] {
        let programs = listeners.filter(\.isOfRoot).compactMap(\.process)
        let candidates = ServiceCatalogue.all.compactMap { service -> Candidate? in
            guard let members = members(of: service), members.contains(port),
                members.allSatisfy({ ports[$0] != nil })
            else { return nil }
            let isLike = ([service.name] + service.aliases).contains { name in
                programs.contains { $0.hasPrefix(name) }
            }
            return Candidate(name: service.name, members: members, isLike: isLike)
        }
        let best = candidates.map(\.rank).max { $0 < $1 }
        return candidates.filter { candidate in best.map { $0 == candidate.rank } ?? false }
    }

    private struct Candidate {
        var name: String
        var members: [Port]
        var isLike: Bool

        var rank: (Int, Int) { (isLike ? 1 : 0, members.count) }
    }

    /// The ports of a service; nil for one without ports, or with a whole range of them.
    private static func members(of service: Service) -> [Port]? {
        let members = service.members.members
        let count = members.values.reduce(0) {
            $0 + $1.intervals.reduce(0) { $0 + Int($1.upper - $1.lower) + 1 }
        }
        guard !service.members.isAny, count <= 16, members.keys.allSatisfy(\.hasPorts) else { return nil }
        return members.flatMap { transportProtocol, ports in
            ports.intervals.flatMap { $0.lower...$0.upper }.map {
                Port(transportProtocol: transportProtocol, number: $0)
            }
        }
        .sorted()
    }
}

extension InitialPolicy.Port: CustomStringConvertible {
    var description: String { "\(transportProtocol)/\(number)" }

    /// The host's own lease (RFC 2131, RFC 9915).
    fileprivate var isOfLease: Bool { transportProtocol == .udp && (number == 68 || number == 546) }
}

extension Listener {
    fileprivate var isOnLoopback: Bool {
        switch address.family {
        case .ipv4: address.value >> 24 == 127
        case .ipv6: address.value == 1
        }
    }
}
