import Kernel
import PacketModel
import Policy

/// The sockets of one program on one port.
struct ListenerGroup {
    private var process: String?
    private var user: String?
    let port: UInt16
    private(set) var listeners: [Listener] = []

    /// `nginx`, and where it is not root's, also whose it is: everybody may give a program any name.
    var name: String {
        let name = process ?? "something"
        return user.map { "\(name) of user \($0)" } ?? name
    }

    /// Each address and port once; TCP goes without saying.
    var sockets: [String] {
        var seen: Set<String> = []
        return listeners.map { listener in
            let transport = listener.transportProtocol == .tcp ? "" : " (\(listener.transportProtocol))"
            return "\(Endpoint(listener.address, listener.port))\(transport)"
        }.filter { seen.insert($0).inserted }
    }

    var services: IntervalSet<UInt64> {
        IntervalSet(
            listeners.reduce(ServiceSet()) { $0.union(ServiceSet($1.transportProtocol, [$1.port])) }
        )
    }

    private struct Key: Hashable {
        var process: String?
        var user: String?
        var port: UInt16
    }

    /// By port.
    static func all(_ listeners: [Listener]) -> [ListenerGroup] {
        var order: [Key] = []
        var groups: [Key: ListenerGroup] = [:]
        for listener in listeners.sorted(by: { $0.port < $1.port }) {
            let key = Key(process: listener.process, user: listener.user, port: listener.port)
            if groups[key] == nil { order.append(key) }
            groups[key, default: ListenerGroup(process: key.process, user: key.user, port: key.port)]
                .listeners
                .append(listener)
        }
        return order.compactMap { groups[$0] }
    }
}
