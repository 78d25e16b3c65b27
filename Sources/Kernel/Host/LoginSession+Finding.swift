import Glibc
import PacketModel

extension LoginSession {
    /// The session of the process that calls this.
    ///
    /// sudo(8) takes `SSH_CONNECTION` away, so what counts first is the sockets that this process and its ancestors
    /// hold; who may not look into them finds no connection there.
    package static func current() -> LoginSession {
        let variable = unsafe getenv("SSH_CONNECTION").map { unsafe String(cString: $0) }
        return of(process: getpid(), sshConnection: variable)
    }

    /// The session of a process, whose environment may name a connection (ssh(1), "SSH_CONNECTION").
    static func of(process: Int32, sshConnection: String? = nil) -> LoginSession {
        let ancestry = ProcessStatus.ancestry(of: process)
        let named = sshConnection.flatMap(NamedConnection.init)
        let owners = SocketOwners.read()
        if let found = carried(by: ancestry, owners, named) { return found }
        let start = startWithoutConnection(ancestry)
        guard let named else { return LoginSession(connection: nil, start: start) }
        let table = SocketTable.read(owners: owners)
        guard let entry = table.entries.first(where: { $0.isConversation && named.isOf($0) }) else {
            return LoginSession(connection: nil, start: start)
        }
        let daemons = Set(table.listeners(for: entry).flatMap { owners.holders[$0.inode] ?? [] })
        let holders = (owners.holders[entry.inode] ?? []).filter { !daemons.contains($0) }
        return LoginSession(
            connection: table.connection(of: entry),
            start: holders.compactMap(ProcessStatus.read).map(\.start).min() ?? start
        )
    }

    /// The session by the connection that an ancestor holds: the nearest that holds one that came in.
    private static func carried(
        by ancestry: [ProcessStatus],
        _ owners: SocketOwners,
        _ named: NamedConnection?
    ) -> LoginSession? {
        var tables: [String: SocketTable] = [:]
        let here = HostFiles().link(at: "/proc/thread-self/ns/net")
        for ancestor in ancestry {
            let identifier = ancestor.identifier
            let sockets = owners.inodes(of: identifier)
            guard !sockets.isEmpty, let place = HostFiles().link(at: "/proc/\(identifier)/ns/net") else {
                continue
            }
            let table =
                tables[place]
                ?? (place == here ? .read(owners: owners) : .read(ofProcess: identifier, owners: owners))
            tables[place] = table
            guard let entry = conversation(of: sockets, in: table, named) else { continue }
            let listeners = Set(table.listeners(for: entry).map(\.inode))
            let servers = ancestry.filter { process in
                let held = owners.inodes(of: process.identifier)
                return held.contains(entry.inode) && held.isDisjoint(with: listeners)
            }
            // A daemon that serves its connections itself began before them; what it started for this one, after.
            let first = servers.last ?? ancestry.prefix { $0 != ancestor }.last ?? ancestor
            return LoginSession(connection: table.connection(of: entry), start: first.start)
        }
        return nil
    }

    /// The one connection among these sockets that can carry the session.
    ///
    /// A daemon of SSH holds also the connections to ports that it listens on for its client (`ssh -R`); those come
    /// after one whose listener is another's. Of several the environment may name the right one.
    static func conversation(
        of sockets: Set<UInt64>,
        in table: SocketTable,
        _ named: NamedConnection?
    ) -> SocketEntry? {
        let inbound = table.entries.filter { sockets.contains($0.inode) && $0.isConversation }
            .map { ($0, table.listeners(for: $0)) }.filter { !$0.1.isEmpty }
        let ofOthers = inbound.filter { !$0.1.contains { sockets.contains($0.inode) } }
        let candidates = (ofOthers.isEmpty ? inbound : ofOthers).map(\.0)
        return candidates.count == 1 ? candidates[0] : candidates.first { named?.isOf($0) ?? false }
    }

    /// The start of the farthest ancestor: a session leader would not do, for sudo makes a session of its own
    /// (sudoers(5), `use_pty`), and so would an old console look like a new login. The first process counts only where
    /// it is the shell of a container; else it takes over whoever lost their parent.
    private static func startWithoutConnection(_ ancestry: [ProcessStatus]) -> Duration {
        let own = ancestry.first?.sessionLeader
        return (ancestry.last { $0.identifier != 1 || $0.sessionLeader == own } ?? ancestry.last)?.start
            ?? .zero
    }
}

extension SocketEntry {
    /// A connection of TCP that both sides keep.
    fileprivate var isConversation: Bool { transportProtocol == .tcp && state == .established }
}
