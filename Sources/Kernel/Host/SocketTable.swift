import PacketModel

/// The sockets of TCP and UDP in one network namespace at one moment, and who holds them.
package struct SocketTable: Sendable {
    /// What waits for others to begin, sorted; sockets that share a port (`SO_REUSEPORT`, socket(7)) count once.
    package let listeners: [Listener]
    /// What lives: connections of TCP that are established, or closed by one side while the other may still send,
    /// and connected sockets of UDP; sorted.
    package let connections: [LiveConnection]

    let entries: [SocketEntry]
    let owners: SocketOwners
    /// The interfaces that have the addresses.
    private let interfaces: [IPAddress: String]
    private let openings: Openings

    init(
        _ entries: [SocketEntry],
        owners: SocketOwners = SocketOwners(),
        interfaces: [IPAddress: String] = [:],
        ipv6Only: Set<UInt64>? = nil
    ) {
        self.entries = entries
        self.owners = owners
        self.interfaces = interfaces
        openings = Openings(entries, ipv6Only: ipv6Only)
        var listeners: Set<Listener> = []
        var connections: Set<LiveConnection> = []
        for entry in entries {
            if entry.isListener {
                listeners.insert(Self.listener(entry, openings, owners))
            } else if entry.isLive {
                connections.insert(Self.connection(entry, openings, owners, interfaces))
            }
        }
        self.listeners = listeners.sorted { $0.order < $1.order }
        self.connections = connections.sorted { $0.order < $1.order }
    }

    /// The connection that a socket is an end of, whatever its state.
    func connection(of entry: SocketEntry) -> LiveConnection {
        Self.connection(entry, openings, owners, interfaces)
    }

    /// The listening sockets that a connection of this socket may have come by.
    func listeners(for entry: SocketEntry) -> [SocketEntry] {
        openings.listeners(for: entry)
    }

    private static func listener(
        _ entry: SocketEntry,
        _ openings: Openings,
        _ owners: SocketOwners
    ) -> Listener {
        Listener(
            entry.transportProtocol,
            entry.local,
            port: entry.localPort,
            takesBothFamilies: openings.takesBothFamilies(entry),
            process: owners.name(of: entry.inode)
        )
    }

    private static func connection(
        _ entry: SocketEntry,
        _ openings: Openings,
        _ owners: SocketOwners,
        _ interfaces: [IPAddress: String]
    ) -> LiveConnection {
        LiveConnection(
            entry.transportProtocol,
            local: entry.local,
            localPort: entry.localPort,
            remote: entry.remote,
            remotePort: entry.remotePort,
            isInbound: !openings.listeners(for: entry).isEmpty,
            // All of 127.0.0.0/8 is the loopback interface's, whatever addresses it has (RFC 1122).
            interface: interfaces[entry.local] ?? (entry.local.isLoopback ? "lo" : nil),
            process: owners.name(of: entry.inode),
            user: entry.user
        )
    }
}

/// The listening sockets of a table, by what they listen to.
private struct Openings: Sendable {
    private struct Port: Hashable {
        var transportProtocol: IPProtocol
        var number: UInt16
    }

    private var byPort: [Port: [SocketEntry]] = [:]
    /// The inodes of the sockets that take IPv6 only; nil where the kernel does not say.
    private let ipv6Only: Set<UInt64>?

    init(_ entries: [SocketEntry], ipv6Only: Set<UInt64>?) {
        self.ipv6Only = ipv6Only
        for entry in entries where entry.isListener {
            byPort[Port(transportProtocol: entry.transportProtocol, number: entry.localPort), default: []]
                .append(entry)
        }
    }

    func listeners(for entry: SocketEntry) -> [SocketEntry] {
        candidates(entry).filter { listener in
            listener.local == entry.local
                || listener.isWildcard
                    && (listener.local.family == entry.local.family || takesBothFamilies(listener))
        }
    }

    /// Where the kernel does not say it, a socket for IPv4 on the same port is the sign of one for IPv6 only: without
    /// `IPV6_V6ONLY` (ipv6(7)) the second of them could not have been bound.
    func takesBothFamilies(_ entry: SocketEntry) -> Bool {
        guard entry.isListener, entry.isWildcard, entry.local.family == .ipv6 else { return false }
        if let ipv6Only { return !ipv6Only.contains(entry.inode) }
        return !candidates(entry).contains { $0.isWildcard && $0.local.family == .ipv4 }
    }

    private func candidates(_ entry: SocketEntry) -> [SocketEntry] {
        byPort[Port(transportProtocol: entry.transportProtocol, number: entry.localPort)] ?? []
    }
}

extension Listener {
    fileprivate var order: (IPProtocol, UInt16, IPAddress, String) {
        (transportProtocol, port, address, process ?? "")
    }
}

extension LiveConnection {
    fileprivate var order: (IPProtocol, IPAddress, UInt16, IPAddress, UInt16) {
        (transportProtocol, local, localPort, remote, remotePort)
    }
}
