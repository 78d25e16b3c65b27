import Glibc
import Netlink
import PacketModel
import SystemPackage

@testable import Kernel

/// A conversation that goes on while rules change under it.
struct LiveConversation: Sendable {
    enum Transport: CaseIterable, Sendable {
        case tcp
        case udp
    }

    enum Failure: Error {
        case notOpened
    }

    let client: Socket
    let server: Socket

    /// Where one of the two is.
    struct End: Sendable {
        let address: SocketAddress
        let namespace: NetworkNamespace

        init(_ address: IPAddress, port: UInt16, _ namespace: NetworkNamespace) {
            self.address = SocketAddress(address, port: port)
            self.namespace = namespace
        }
    }

    /// Opens a conversation; both addresses must live in their namespaces.
    static func open(
        _ transport: Transport,
        from client: End,
        to server: End
    ) async throws -> LiveConversation {
        try await open(transport, from: client, to: server, asking: server.address)
    }

    /// As ``open(_:from:to:)``, where the client asks for an address that is translated to the server's.
    static func open(
        _ transport: Transport,
        from client: End,
        to server: End,
        asking target: SocketAddress
    ) async throws -> LiveConversation {
        let kind = transport == .tcp ? SOCK_STREAM : SOCK_DGRAM
        let domain = SocketAddress.domain(of: target.address.family)
        let listener = try await server.namespace.run {
            let socket = try Socket(domain, kind)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
            try bind(socket, to: server.address)
            if kind == SOCK_STREAM { try socket.listen(backlog: 1) }
            return socket
        }
        let starter = try await client.namespace.run {
            let socket = try Socket(domain, kind)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
            try socket.bind(to: client.address)
            if let error = socket.connect(to: target) { throw SystemError("connect", error) }
            return socket
        }
        let conversation: LiveConversation
        switch transport {
        case .tcp:
            guard let accepted = try await wait(for: listener, { listener.accept() }) else {
                throw Failure.notOpened
            }
            conversation = LiveConversation(client: starter, server: accepted)
        case .udp:
            conversation = LiveConversation(client: starter, server: listener)
            guard try await conversation.asks() else { throw Failure.notOpened }
            if let error = listener.connect(to: client.address) { throw SystemError("connect", error) }
        }
        guard try await conversation.asks(), try await conversation.answers() else {
            throw Failure.notOpened
        }
        return conversation
    }

    /// The listener of an earlier conversation closes when the thread that waited for it has ended.
    private static func bind(_ socket: Socket, to address: SocketAddress) throws(SystemError) {
        for _ in 0..<100 {
            do {
                return try socket.bind(to: address)
            } catch  where error.errno == .addressInUse {
                usleep(10_000)
            }
        }
        try socket.bind(to: address)
    }

    /// Whether what the client says now is heard.
    func asks(_ text: String = "question\r\n") async throws -> Bool {
        try await Self.says(text, client, to: server)
    }

    /// Whether what the server says now is heard.
    func answers(_ text: String = "answer\r\n") async throws -> Bool {
        try await Self.says(text, server, to: client)
    }

    private static func says(_ text: String, _ sender: Socket, to receiver: Socket) async throws -> Bool {
        let bytes = Array(text.utf8)
        guard sender.send(bytes) == nil else { return false }
        return try await wait(for: receiver) { receiver.receive() } == bytes
    }

    /// How long a packet may take; less than TCP waits to send it again twice.
    private static let patience: Duration = .milliseconds(500)

    private static func wait<Value: Sendable>(
        for socket: Socket,
        _ attempt: @escaping @Sendable () -> Value?
    ) async throws -> Value? {
        try await OwnThread.run {
            _ = Poll.ready([Poll.Interest(socket: socket)], within: patience)
            return attempt()
        }
    }
}

extension Scene {
    /// A conversation that somebody outside starts with the host.
    func converse(
        _ transport: LiveConversation.Transport,
        from client: IPAddress,
        port: UInt16 = 5_000,
        to hostPort: UInt16
    ) async throws -> LiveConversation {
        try await network.adopt([client], on: "eth0")
        return try await .open(
            transport,
            from: .init(client, port: port, network.outside),
            to: try .init(host(client.family), port: hostPort, network.inside)
        )
    }

    /// A conversation that the host starts with somebody outside.
    func converse(
        _ transport: LiveConversation.Transport,
        fromHostPort port: UInt16,
        to server: IPAddress,
        port serverPort: UInt16
    ) async throws -> LiveConversation {
        try await network.adopt([server], on: "eth0")
        return try await .open(
            transport,
            from: try .init(host(server.family), port: port, network.inside),
            to: .init(server, port: serverPort, network.outside)
        )
    }
}
