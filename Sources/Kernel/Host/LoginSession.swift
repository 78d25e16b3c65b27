/// How the person who runs this command came to this host.
package struct LoginSession: Hashable, Sendable {
    /// The connection that carries the session, as it stands in the socket table; nil for a console, a terminal
    /// multiplexer that outlived its login, or a scheduled job.
    package var connection: LiveConnection?
    /// When the session began, in time since boot (`CLOCK_BOOTTIME`): the start of the process that serves the
    /// connection, or where there is none of the farthest process that it comes from.
    package var start: Duration

    package init(connection: LiveConnection?, start: Duration) {
        self.connection = connection
        self.start = start
    }
}
