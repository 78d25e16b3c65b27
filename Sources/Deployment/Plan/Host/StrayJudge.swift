import Kernel
import PacketModel
import Policy

/// Judges connections that the kernel knows: which of them could not begin under a policy, and go on all the same,
/// because they are established.
///
/// What the kernel does not keep of a connection is taken for what lets it begin: the interfaces that it passes, and who
/// sent its first packet.
struct StrayJudge {
    private let policy: Policy
    private let own: [IPAddress: String]
    private let interfaces: [String]
    private var reduced: [Kind: Reduced] = [:]

    /// `interfaces` are those of this host.
    init(_ policy: Policy, own: [IPAddress: String], interfaces: [String]) {
        (self.policy, self.own, self.interfaces) = (policy, own, interfaces)
    }

    /// The way that it takes; nil for what stays within the host, or goes to many.
    func direction(_ connection: TrackedConnection) -> Direction? {
        let (source, reached) = (connection.source.address, connection.reached.address)
        let (isFromHere, isToHere) = (own[source] != nil, own[reached] != nil)
        guard !(isFromHere && isToHere), !source.isLoopback, !reached.isLoopback, !reached.isOfMany else {
            return nil
        }
        return isToHere ? .inbound : isFromHere ? .outbound : .forward
    }

    mutating func isStray(_ connection: TrackedConnection) -> Bool {
        guard let direction = direction(connection), !connection.isOver, !isOfBaseline(connection) else {
            return false
        }
        let kind = Kind(direction, connection.transportProtocol, connection.asked.port)
        let known = reduced[kind] ?? kind.reduced(policy, interfaces)
        reduced[kind] = known
        var approach = Approach(
            direction: direction,
            transportProtocol: connection.transportProtocol,
            member: connection.asked.port,
            source: connection.source.address,
            destination: connection.reached.address,
            isTranslated: connection.isTranslated
        )
        approach.askedDestination = connection.asked.address
        for input in direction == .outbound ? [nil] : known.interfaces {
            for output in direction == .inbound ? [nil] : known.interfaces {
                for user in direction == .outbound ? known.users : [nil] {
                    (approach.inputInterface, approach.outputInterface, approach.user) = (input, output, user)
                    if known.policy.judge(approach).passes { return false }
                }
            }
        }
        return true
    }

    /// What parts of the baseline let begin that look at more than ``Approach`` has.
    private func isOfBaseline(_ connection: TrackedConnection) -> Bool {
        if connection.isExpected, policy.baseline.has(.helpers) { return true }
        guard connection.transportProtocol == .udp else { return false }
        let ports: Set<UInt16> = [connection.source.port, connection.asked.port]
        return policy.baseline.has(.dhcp) && ports == [67, 68]
            || policy.baseline.has(.dhcpv6) && ports == [546, 547]
    }

    /// Connections for the same service: only the lines that name it need be asked.
    private struct Kind: Hashable {
        var direction: Direction
        var transport: IPProtocol
        var port: UInt16

        init(_ direction: Direction, _ transport: IPProtocol, _ port: UInt16) {
            (self.direction, self.transport, self.port) = (direction, transport, port)
        }

        func reduced(_ policy: Policy, _ interfaces: [String]) -> Reduced {
            var result = policy
            // What is denied inbound is denied to what containers publish.
            let directions: [Direction] = direction == .forward ? [.forward, .inbound] : [direction]
            result.lines = policy.lines.filter {
                directions.contains($0.direction) && $0.services.contains(transport, port)
            }
            let users = result.lines.flatMap { $0.users?.intervals.map(\.lower) ?? [] }
            return Reduced(
                policy: result,
                interfaces: result.oneOfEach(interfaces),
                users: Set([nil, 0] + users.map { $0 }).sorted { ($0 ?? 0) < ($1 ?? 0) }
            )
        }
    }

    private struct Reduced {
        var policy: Policy
        var interfaces: [String?]
        var users: [UInt32?]
    }
}

extension Policy {
    /// Of the interfaces that no pattern here tells apart, one.
    fileprivate func oneOfEach(_ interfaces: [String]) -> [String] {
        let patterns = Set(interfacePatterns)
        var seen: Set<Set<InterfacePattern>> = []
        return interfaces.filter { name in
            name != "lo" && seen.insert(patterns.filter { $0.matches(name) }).inserted
        }
    }
}

extension IPAddress {
    /// A multicast address or the broadcast of every network (RFC 1112, RFC 919, RFC 4291).
    fileprivate var isOfMany: Bool {
        switch family {
        case .ipv4: value >> 28 == 0xE || value == 0xFFFF_FFFF
        case .ipv6: value >> 120 == 0xFF
        }
    }
}
