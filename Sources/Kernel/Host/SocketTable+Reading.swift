package import Netlink
import PacketModel

extension SocketTable {
    /// The sockets of the calling thread's network namespace, with the programs that hold them.
    package static func read() throws(SystemError) -> SocketTable {
        let (entries, interfaces) = try (entries(), InterfaceAddresses.read())
        let named = entries.filter { $0.isListener || $0.isLive }.map(\.inode)
        return SocketTable(entries, owners: try .read(of: Set(named)), interfaces: interfaces)
    }

    /// The same without the programs: it takes no longer for what programs of others have open.
    package static func readWithoutPrograms() throws(SystemError) -> SocketTable {
        SocketTable(try entries(), interfaces: try InterfaceAddresses.read())
    }

    private static func entries() throws(SystemError) -> [SocketEntry] {
        var entries: [SocketEntry] = []
        let reader = try SocketReader()
        try reader.visit(.tcp, in: SocketEntry.State.living.union([.listen])) { entries.append($0) }
        try reader.visit(.udp, in: [.established, .closed]) { entries.append($0) }
        return entries
    }
}
