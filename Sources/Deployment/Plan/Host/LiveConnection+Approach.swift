import Kernel
import PacketModel
import Policy

extension LiveConnection {
    /// The packet that would begin the connection anew.
    var approach: Approach { approach(to: kindPort) }

    func approach(to port: UInt16) -> Approach {
        Approach(
            direction: isInbound ? .inbound : .outbound,
            transportProtocol: transportProtocol,
            member: port,
            source: isInbound ? remote : local,
            destination: isInbound ? local : remote,
            inputInterface: isInbound ? interface : nil,
            outputInterface: isInbound ? nil : interface,
            user: isInbound ? nil : user
        )
    }

    /// The port that was asked for.
    var kindPort: UInt16 { isInbound ? localPort : remotePort }

    /// Within this host: packets to its own addresses go by the loopback interface too.
    var isLoopback: Bool {
        interface == "lo" || local.isLoopback || remote.isLoopback || local == remote
    }
}

extension Policy {
    /// The approaches that a redirect would have turned into this connection.
    func asked(_ connection: LiveConnection) -> [Approach] {
        guard connection.isInbound else { return [] }
        return portsRedirected(to: connection.localPort, connection.transportProtocol)
            .map(connection.approach(to:))
    }
}
