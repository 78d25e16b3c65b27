import Netlink
import PacketModel
import SystemPackage

/// How the person who runs this command came to this host.
package struct LoginSession: Hashable, Sendable {
    /// Where a session comes from, as far as the rules of this namespace are concerned.
    package enum Origin: Hashable, Sendable {
        /// Another machine.
        case outside
        /// This host: what comes over loopback passes by these rules.
        case thisHost
        /// Another network namespace of this machine, where other rules hold.
        case anotherNamespace
    }

    /// The connection that carries the session, as it stands in the socket table; nil for a console, a terminal
    /// multiplexer that outlived its login, or a scheduled job.
    package var connection: LiveConnection?
    /// When the session began, in time since boot (`CLOCK_BOOTTIME`): the start of the process that serves the
    /// connection, or where there is none of the farthest process that it comes from.
    package var start: Duration
    /// Where the connection comes from; of no meaning without one.
    package var origin: Origin
    /// The kernel's own name of the connection (sock_diag(7)); nil where it gives none.
    package var cookie: UInt64?
    /// Why it could not be found out how the person came, as a clause; there may be a connection then.
    package var problem: String?

    package init(
        connection: LiveConnection?,
        start: Duration,
        origin: Origin = .outside,
        cookie: UInt64? = nil,
        problem: String? = nil
    ) {
        self.connection = connection
        self.start = start
        self.origin = origin
        self.cookie = cookie
        self.problem = problem
    }
}

extension LoginSession.Origin {
    /// Of a connection of the caller's namespace.
    static func of(_ remote: IPAddress, _ interfaces: [IPAddress: String]) throws(SystemError) -> Self {
        remote.isLoopback || interfaces[remote] != nil ? .thisHost : .outside
    }
}
