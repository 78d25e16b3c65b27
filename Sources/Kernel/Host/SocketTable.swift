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
    private let openings: Openings

    init(
        _ entries: [SocketEntry],
        owners: SocketOwners = SocketOwners(),
        interfaces: [IPAddress: String] = [:]
    ) {
        self.entries = entries
        self.owners = owners
        openings = Openings(entries)
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

    /// The listening sockets that a connection of this socket may have come by.
    func listeners(for entry: SocketEntry) -> [SocketEntry] {
        openings.listeners(for: entry)
    }

    private static func listener(
        _ entry: SocketEntry,
        _ openings: Openings,
        _ owners: SocketOwners
    ) -> Listener {
        let holder = owners.holder(of: entry.inode)
        return Listener(
            entry.transportProtocol,
            entry.local,
            port: entry.localPort,
            takesBothFamilies: openings.takesBothFamilies(entry),
            process: holder?.name,
            user: holder.map { owners.name(ofUser: $0.user) } ?? owners.name(ofUser: entry.user),
            isOfRoot: entry.user == 0 && holder?.isOfRoot == true
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
            isInbound: openings.takes(entry),
            // All of 127.0.0.0/8 is the loopback interface's, whatever addresses it has (RFC 1122).
            interface: interfaces[entry.local] ?? (entry.local.isLoopback ? "lo" : nil),
            process: owners.holder(of: entry.inode)?.name,
            user: entry.user
        )
    }
}

/// The listening sockets of a table, by what they listen to.
private struct Openings: Sendable {
    private struct Place: Hashable {
        var transportProtocol: IPProtocol
        var address: IPAddress
        var port: UInt16
    }

    private var byPlace: [Place: [SocketEntry]] = [:]

    init(_ entries: [SocketEntry]) {
        for entry in entries where entry.isListener {
            let place = Place(
                transportProtocol: entry.transportProtocol,
                address: entry.local,
                port: entry.localPort
            )
            byPlace[place, default: []].append(entry)
        }
    }

    func listeners(for entry: SocketEntry) -> [SocketEntry] {
        let everywhere = IPFamily.allCases.flatMap { family in
            at(IPAddress(family: family, value: 0), entry).filter {
                family == entry.local.family || takesBothFamilies($0)
            }
        }
        return entry.isWildcard ? everywhere : at(entry.local, entry) + everywhere
    }

    /// Whether a connection of this socket came by a listening one.
    func takes(_ entry: SocketEntry) -> Bool { !listeners(for: entry).isEmpty }

    /// Where the kernel does not say it, a socket for IPv4 on the same port is the sign of one for IPv6 only: without
    /// `IPV6_V6ONLY` (ipv6(7)) the second of them could not have been bound.
    func takesBothFamilies(_ entry: SocketEntry) -> Bool {
        guard entry.isListener, entry.isWildcard, entry.local.family == .ipv6 else { return false }
        if let isIPv6Only = entry.isIPv6Only { return !isIPv6Only }
        return at(IPAddress(family: .ipv4, value: 0), entry).isEmpty
    }

    private func at(_ address: IPAddress, _ entry: SocketEntry) -> [SocketEntry] {
        byPlace[
            Place(transportProtocol: entry.transportProtocol, address: address, port: entry.localPort)
        ] ?? []
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
