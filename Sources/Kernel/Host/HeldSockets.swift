import Netlink
import PacketModel
import SystemPackage

/// The sockets of TCP that a process and those that it comes from hold, and what takes connections in their namespaces.
///
/// What other processes have open is no part of it, however much that is.
struct HeldSockets: Sendable {
    private var held: [Int32: [HeldSocket]] = [:]
    private var readers: [Int32: SocketReader] = [:]
    private var strangers: Set<Int32> = []

    init(of processes: [ProcessStatus]) throws(SystemError) {
        let here = try HostFiles().link(at: "/proc/thread-self/ns/net")
        let reader = try SocketReader()
        var copied: [String: [Int32]] = [:]
        for identifier in processes.map(\.identifier) {
            // What may not be looked into shows no socket either, as the first process of the machine in some containers.
            let found = try SocketOwners.readable { () throws(SystemError) in
                try HostFiles().link(at: "/proc/\(identifier)/ns/net")
            }
            guard let place = found ?? nil else { continue }
            if place != here { strangers.insert(identifier) }
            readers[identifier] = place == here ? reader : SocketReader(tablesIn: "/proc/\(identifier)/net")
            if let sockets = try HeldSocket.all(of: identifier) {
                held[identifier] = sockets
            } else {
                copied[place, default: []].append(identifier)
            }
        }
        for identifiers in copied.values { try search(for: identifiers) }
    }

    /// The sockets of processes of one namespace whose descriptors cannot be copied, found in its tables.
    private mutating func search(for identifiers: [Int32]) throws(SystemError) {
        guard let first = identifiers.first, let reader = readers[first] else { return }
        var holders: [UInt64: [Int32]] = [:]
        for identifier in identifiers {
            for inode in try SocketOwners.sockets(of: identifier).inodes.values {
                holders[inode, default: []].append(identifier)
            }
        }
        guard !holders.isEmpty else { return }
        var found: [HeldSocket] = []
        try reader.visit(.tcp, in: [.established, .listen]) { entry in
            guard holders[entry.inode] != nil else { return }
            found.append(
                HeldSocket(
                    inode: entry.inode,
                    isListening: entry.state == .listen,
                    ends: SocketEnds(of: entry)
                )
            )
        }
        for socket in found {
            for identifier in Set(holders[socket.inode] ?? []) {
                held[identifier, default: []].append(socket)
            }
        }
    }

    /// Whether a process runs in another network namespace than the caller's thread.
    func isElsewhere(_ process: ProcessStatus) -> Bool { strangers.contains(process.identifier) }

    func sockets(of process: ProcessStatus) -> [HeldSocket] { held[process.identifier] ?? [] }

    /// The sockets by which a connection of this process stands in its namespace; nil where it is established no more, or
    /// did not come in.
    func inbound(_ socket: HeldSocket, of process: ProcessStatus) throws(SystemError) -> SocketEntry? {
        guard socket.transportProtocol == .tcp, !socket.isListening, socket.ends.remotePort != 0,
            let reader = readers[process.identifier],
            let entry = try reader.connection(socket.ends), entry.state == .established,
            try reader.listener(for: socket.ends) != nil
        else { return nil }
        return entry
    }

    /// Whether a process listens where a connection goes: it is the daemon that accepts, and serves many.
    func listens(_ process: ProcessStatus, for connection: HeldSocket) -> Bool {
        sockets(of: process).contains { $0.isListening && $0.ends.localPort == connection.ends.localPort }
    }
}
