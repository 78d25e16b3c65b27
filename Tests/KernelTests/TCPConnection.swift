import Glibc
import Netlink
import PacketModel
import SystemPackage
import Testing

@testable import Kernel

/// A connection of TCP that a test opens between two namespaces, or within one.
struct TCPConnection: Sendable {
    struct End: Sendable {
        var address: IPAddress
        var namespace: NetworkNamespace
    }

    let listener: Socket
    let server: Socket
    let client: Socket
    let serverAddress: SocketAddress
    let clientAddress: SocketAddress

    static func open(from client: End, to server: End, port: UInt16) async throws -> TCPConnection {
        let domain = SocketAddress.domain(of: server.address.family)
        let listener = try await server.namespace.run {
            let socket = try Socket(domain, SOCK_STREAM)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
            try socket.bind(to: SocketAddress(server.address, port: port))
            try socket.listen(backlog: 16)
            return socket
        }
        let socket = try await client.namespace.run {
            let socket = try Socket(domain, SOCK_STREAM)
            try socket.bind(to: SocketAddress(client.address))
            let error = socket.connect(to: SocketAddress(server.address, port: port))
            if let error { throw error }
            return socket
        }
        for _ in 0..<500 {
            if let accepted = listener.accept() {
                return TCPConnection(
                    listener: listener,
                    server: accepted,
                    client: socket,
                    serverAddress: SocketAddress(server.address, port: port),
                    clientAddress: SocketAddress(
                        client.address,
                        port: try SocketAddress.localPort(of: socket)
                    )
                )
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Errno.timedOut
    }

    /// The connection as the server's host sees it, but for what only that host knows.
    var ofServer: LiveConnection {
        LiveConnection(
            .tcp,
            local: serverAddress.address,
            localPort: serverAddress.port,
            remote: clientAddress.address,
            remotePort: clientAddress.port,
            isInbound: true
        )
    }

    /// The same as the client's host sees it.
    var ofClient: LiveConnection {
        LiveConnection(
            .tcp,
            local: clientAddress.address,
            localPort: clientAddress.port,
            remote: serverAddress.address,
            remotePort: serverAddress.port,
            isInbound: false
        )
    }
}

extension TestNetwork {
    func end(_ family: IPFamily, inside: Bool, link: String = "eth0") throws -> TCPConnection.End {
        let link = try #require(self.link(link))
        let address = try #require(inside ? link.insideAddress(family) : link.outsideAddress(family))
        return TCPConnection.End(address: address, namespace: inside ? self.inside : outside)
    }
}

extension LiveConnection {
    /// The connection without what a table adds to its ends.
    var bare: LiveConnection {
        LiveConnection(
            transportProtocol,
            local: local,
            localPort: localPort,
            remote: remote,
            remotePort: remotePort,
            isInbound: isInbound
        )
    }
}
