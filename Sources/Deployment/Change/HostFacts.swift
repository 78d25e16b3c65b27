package import Kernel
import Policy

/// What a host is at this moment, as far as a policy for it must know.
package struct HostFacts: Sendable {
    package var listeners: [Listener]
    package var connections: [LiveConnection]
    package var session: LoginSession
    /// Never empty.
    package var sshPorts: [UInt16]
    /// Bridges of containers and virtual machines.
    package var bridges: [String]
    /// Protocols without ports that programs speak.
    package var rawListeners: [RawListener] = []

    package static func read(session: LoginSession) async -> HostFacts {
        let table = SocketTable.read()
        var session = session
        // A session that came by another namespace cannot be cut in this one.
        if let own = session.connection, !table.connections.contains(where: { $0.isSame(as: own) }) {
            session.connection = nil
        }
        return HostFacts(
            listeners: table.listeners,
            connections: table.connections,
            session: session,
            sshPorts: await SSHDaemon.listeningPorts() ?? [SSHDaemon.standardPort],
            bridges: ContainerBridges.present(Containers.knownBridges),
            rawListeners: RawListener.read()
        )
    }
}
