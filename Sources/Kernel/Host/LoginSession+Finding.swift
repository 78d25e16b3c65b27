import Glibc
import Netlink
import PacketModel
import SystemPackage

extension LoginSession {
    /// The session of the process that calls this.
    ///
    /// sudo(8) takes `SSH_CONNECTION` away, so what counts first is the sockets that this process and its ancestors
    /// hold; who may not look into them finds no connection there. What could not be read is said by ``problem``.
    package static func current() -> LoginSession {
        let variable = unsafe getenv("SSH_CONNECTION").map { unsafe String(cString: $0) }
        do throws(SystemError) {
            return try of(process: getpid(), sshConnection: variable)
        } catch {
            return LoginSession(connection: nil, start: .zero, problem: "\(error)")
        }
    }

    /// The session of a process, whose environment may name a connection (ssh(1), "SSH_CONNECTION").
    static func of(
        process: Int32,
        sshConnection: String? = nil
    ) throws(SystemError) -> LoginSession {
        let ancestry = try ProcessStatus.ancestry(of: process)
        let named = sshConnection.flatMap(NamedConnection.init)
        let sockets = try HeldSockets(of: ancestry)
        if let found = try carried(by: ancestry, sockets, named) { return found }
        let start = startWithoutConnection(ancestry)
        return try named.flatMap { named throws(SystemError) in
            try named.session(otherwiseFrom: start)
        } ?? LoginSession(connection: nil, start: start)
    }

    /// The session by the connection that an ancestor holds: the nearest that holds one that came in.
    private static func carried(
        by ancestry: [ProcessStatus],
        _ sockets: HeldSockets,
        _ named: NamedConnection?
    ) throws(SystemError) -> LoginSession? {
        for ancestor in ancestry {
            guard let (socket, entry) = try conversation(of: ancestor, sockets, named) else { continue }
            let servers = ancestry.filter { process in
                sockets.sockets(of: process).contains { $0.inode == socket.inode }
                    && !sockets.listens(process, for: socket)
            }
            // A daemon that serves its connections itself began before them; what it started for this one, after.
            let first = servers.last ?? ancestry.prefix { $0 != ancestor }.last ?? ancestor
            return try LoginSession(
                entry,
                isElsewhere: sockets.isElsewhere(ancestor),
                start: first.start
            )
        }
        return nil
    }

    /// The one connection that a process holds which can carry the session.
    ///
    /// A daemon of SSH holds also the connections to ports that it listens on for its client (`ssh -R`); those come
    /// after one whose listener is another's. Of several the environment may name the right one.
    static func conversation(
        of process: ProcessStatus,
        _ sockets: HeldSockets,
        _ named: NamedConnection?
    ) throws(SystemError) -> (HeldSocket, SocketEntry)? {
        var inbound: [(HeldSocket, SocketEntry)] = []
        for socket in sockets.sockets(of: process) {
            if let entry = try sockets.inbound(socket, of: process) { inbound.append((socket, entry)) }
        }
        let ofOthers = inbound.filter { !sockets.listens(process, for: $0.0) }
        let candidates = ofOthers.isEmpty ? inbound : ofOthers
        return candidates.count == 1 ? candidates[0] : candidates.first { named?.isOf($0.1) ?? false }
    }

    /// The start of the farthest ancestor: a session leader would not do, for sudo makes a session of its own
    /// (sudoers(5), `use_pty`), and so would an old console look like a new login. The first process counts only where
    /// it is the shell of a container; else it takes over whoever lost their parent.
    private static func startWithoutConnection(_ ancestry: [ProcessStatus]) -> Duration {
        let own = ancestry.first?.sessionLeader
        return (ancestry.last { $0.identifier != 1 || $0.sessionLeader == own } ?? ancestry.last)?.start
            ?? .zero
    }

    /// The session that a connection of the caller's namespace carries, or of another one.
    init(_ entry: SocketEntry, isElsewhere: Bool, start: Duration) throws(SystemError) {
        let interfaces = isElsewhere ? [:] : try InterfaceAddresses.read()
        self.init(
            connection: LiveConnection(
                entry.transportProtocol,
                local: entry.local,
                localPort: entry.localPort,
                remote: entry.remote,
                remotePort: entry.remotePort,
                isInbound: true,
                interface: interfaces[entry.local] ?? (entry.local.isLoopback && !isElsewhere ? "lo" : nil),
                user: entry.user
            ),
            start: start,
            origin: isElsewhere ? .anotherNamespace : try .of(entry.remote, interfaces),
            cookie: isElsewhere ? nil : entry.cookie
        )
    }
}

extension NamedConnection {
    /// The session, where the connection lives: a terminal multiplexer outlives the login that started it, and what is
    /// attached to it may come by a newer one. Its start is that of the program of root's that serves the connection.
    fileprivate func session(otherwiseFrom start: Duration) throws(SystemError) -> LoginSession? {
        let reader = try SocketReader()
        guard let entry = try reader.connection(ends), entry.state == .established,
            let listener = try reader.listener(for: ends)
        else { return nil }
        let owners = try SocketOwners.read(of: [entry.inode, listener.inode], rootAlone: true)
        let daemons = owners.holders[listener.inode] ?? []
        var starts: [Duration] = []
        for process in owners.holders[entry.inode] ?? [] where !daemons.contains(process) {
            if let status = try ProcessStatus.read(process) { starts.append(status.start) }
        }
        return try LoginSession(entry, isElsewhere: false, start: starts.min() ?? start)
    }
}
