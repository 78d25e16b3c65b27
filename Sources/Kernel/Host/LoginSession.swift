/// How the person who runs this command came to this host.
package struct LoginSession: Hashable, Sendable {
    /// The connection that carries the session, as it stands in the socket table; nil for a console, a terminal
    /// multiplexer that outlived its login, or a scheduled job.
    package var connection: LiveConnection?
    /// When the session began, in time since boot (`CLOCK_BOOTTIME`): the start of the process that serves the
    /// connection, or where there is none of the farthest process that it comes from.
    package var start: Duration

    /// Whether the connection is seen in the caller's network namespace, and comes from another machine: what comes over
    /// loopback, or by way of another namespace, passes by these rules.
    package var comesFromOutside: Bool {
        guard let connection, connection.isInbound else { return false }
        let isHere = SocketTable.read().connections.contains { $0.isSame(as: connection) }
        return isHere && !connection.remote.isLoopback && InterfaceAddresses.read()[connection.remote] == nil
    }

    package init(connection: LiveConnection?, start: Duration) {
        self.connection = connection
        self.start = start
    }
}
