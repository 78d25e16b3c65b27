package import Kernel
import PacketModel
import Policy

/// What a host is at this moment, as far as a policy for it must know.
package struct HostFacts: Sendable {
    package var listeners: [Listener]
    package var connections: [LiveConnection]
    package var session: LoginSession
    /// The way that the session takes.
    package var path = SessionPath()
    /// Never empty.
    package var sshPorts: [UInt16]
    /// Bridges of containers and virtual machines.
    package var bridges: [String]
    /// Protocols without ports that programs speak.
    package var rawListeners: [RawListener] = []

    /// Throws where something of it cannot be read: what is not known must not be taken for absent.
    package static func read(session: LoginSession) async throws -> HostFacts {
        let table: SocketTable
        do {
            table = try SocketTable.read()
        } catch {
            throw ChangeError.failed("what listens and is connected here cannot be read: \(error)")
        }
        var session = session
        // A session that came by another namespace cannot be cut in this one.
        if session.origin == .anotherNamespace { session.connection = nil }
        return HostFacts(
            listeners: table.listeners,
            connections: table.connections,
            session: session,
            path: try session.connection.map { try SessionPath.of($0) } ?? SessionPath(),
            sshPorts: try await SSHDaemon.listeningPorts(in: table) ?? [SSHDaemon.standardPort],
            bridges: try ContainerBridges.present(.guestBridges),
            rawListeners: try RawListener.read()
        )
    }
}
