package import Kernel
package import PacketModel
package import Policy

/// The connections that live now, by whether they could begin under a policy.
package struct ConnectionVerdict: Sendable {
    /// A connection that could not, and the line that would keep it.
    package struct Cut: Sendable {
        package var connection: LiveConnection
        package var suggestion: Suggestion
    }

    package enum Suggestion: Hashable, Sendable {
        /// An allow of a section: `- allow: postgresql  from: 203.0.113.9`.
        case line(Direction, allow: String, address: IPAddress)
        /// A deny of the new policy stands against it; no allow would help.
        case deny(Origin)
    }

    /// To be adopted into connection tracking.
    package private(set) var admitted: [LiveConnection] = []
    package private(set) var cut: [Cut] = []

    /// Connections on loopback are nobody's business and in neither list.
    package init(_ connections: [LiveConnection], under policy: Policy) {
        var reduced: [Kind: Policy] = [:]
        for connection in connections where !connection.isLoopback {
            let kind = Kind(connection)
            let judge = reduced[kind] ?? kind.reduced(policy)
            reduced[kind] = judge
            add(connection, judge)
        }
    }

    private mutating func add(_ connection: LiveConnection, _ policy: Policy) {
        let judgement = policy.judge(connection.approach)
        // A redirect shows only where the connection arrived, not what was asked for.
        let isAdmitted =
            judgement.passes
            || policy.asked(connection).contains { policy.judge($0).passes }
        if isAdmitted {
            admitted.append(connection)
            return
        }
        switch judgement {
        case .banned(let origin), .denied(let origin):
            cut.append(Cut(connection: connection, suggestion: .deny(origin)))
        case .baseline, .containers, .admitted, .limited, .dropped, .rest:
            let services = ServiceSet(connection.transportProtocol, [connection.kindPort])
            let suggestion = Suggestion.line(
                connection.isInbound ? .inbound : .outbound,
                allow: ServiceWords(IntervalSet(services)).policyText,
                address: connection.remote
            )
            cut.append(Cut(connection: connection, suggestion: suggestion))
        }
    }

    /// Connections for the same service: only the lines that name it need be asked.
    private struct Kind: Hashable {
        var isInbound: Bool
        var transport: IPProtocol
        var port: UInt16

        init(_ connection: LiveConnection) {
            isInbound = connection.isInbound
            transport = connection.transportProtocol
            port = connection.kindPort
        }

        func reduced(_ policy: Policy) -> Policy {
            var result = policy
            let direction: Direction = isInbound ? .inbound : .outbound
            let ports = [port] + (isInbound ? policy.portsRedirected(to: port, transport) : [])
            result.lines = policy.lines.filter { line in
                line.direction == direction && ports.contains { line.services.contains(transport, $0) }
            }
            return result
        }
    }
}

extension ConnectionVerdict.Suggestion: CustomStringConvertible {
    /// `keep it with  inbound: - allow: postgresql  from: 203.0.113.9`
    package var description: String {
        switch self {
        case .line(let direction, let service, let address):
            let key = direction == .outbound ? "to" : "from"
            return "keep it with  \(direction.rawValue): - allow: \(service)  \(key): \(address)"
        case .deny(let origin):
            return "line \(origin.line) shuts it out: \(origin.title)"
        }
    }
}
