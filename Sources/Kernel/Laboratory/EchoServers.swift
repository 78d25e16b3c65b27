import Glibc
import Netlink
import PacketModel
import SystemPackage

/// Listeners that say back what they hear.
struct EchoServers {
    private struct Key: Hashable {
        var address: SocketAddress
        var isTCP: Bool
    }

    private var listeners: [Key: Socket] = [:]
    private var connections: [Socket] = []
    private var heard: [ProbeTag: Socket] = [:]

    /// Listens where the conversation's server is, in the namespace of the calling thread.
    mutating func listen(for conversation: Conversation) throws(SystemError) {
        let (port, isTCP): (UInt16, Bool)
        switch conversation.kind {
        case .tcp(let asked, let listener): (port, isTCP) = (listener ?? asked, true)
        case .udp(let asked, let listener): (port, isTCP) = (listener ?? asked, false)
        case .ping: return
        }
        let addresses = conversation.listeners.isEmpty ? [conversation.server] : conversation.listeners
        for address in addresses { try listen(at: address, port, isTCP: isTCP) }
    }

    private mutating func listen(at address: IPAddress, _ port: UInt16, isTCP: Bool) throws(SystemError) {
        let key = Key(address: SocketAddress(address, port: port), isTCP: isTCP)
        guard listeners[key] == nil else { return }
        let domain = SocketAddress.domain(of: address.family)
        let socket = try Socket(domain, isTCP ? SOCK_STREAM : SOCK_DGRAM)
        try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
        try Self.bind(socket, to: key.address)
        if isTCP { try socket.listen(backlog: 1_024) }
        listeners[key] = socket
    }

    /// A program that is being started at this moment holds what this process has open until it is there (execve(2),
    /// "close-on-exec"): a listener that was closed just now may be in the way a while longer.
    private static func bind(_ socket: Socket, to address: SocketAddress) throws(SystemError) {
        for _ in 0..<attempts {
            do throws(SystemError) {
                return try socket.bind(to: address)
            } catch {
                guard error.errno == .addressInUse else { throw error }
                usleep(pauseInMicroseconds)
            }
        }
        try socket.bind(to: address)
    }

    private static let attempts = 100
    private static let pauseInMicroseconds: UInt32 = 20_000

    var sockets: [Socket] { Array(listeners.values) + connections }

    /// The connection over which a tag was heard.
    func connection(with tag: ProbeTag) -> Socket? { heard[tag] }

    /// Takes new connections and answers what was said; whether there was anything.
    mutating func serve() -> Bool {
        var hasServed = false
        for (key, socket) in listeners {
            for _ in 0..<1_024 {
                if key.isTCP {
                    guard let connection = socket.accept() else { break }
                    connections.append(connection)
                    hasServed = true
                } else {
                    guard let (bytes, from) = socket.receiveFrom(sockaddr_storage()) else { break }
                    hasServed = true
                    // What the rules refuse here is seen as silence by the client.
                    _ = socket.send(bytes, toStructure: from)
                }
            }
        }
        var open: [Socket] = []
        for connection in connections {
            guard let bytes = connection.receive() else {
                open.append(connection)
                continue
            }
            hasServed = true
            if bytes.isEmpty { continue }
            open.append(connection)
            if let tag = ProbeTag(endOf: bytes) { heard[tag] = connection }
            _ = connection.send(bytes)
        }
        connections = open
        return hasServed
    }
}
