import Glibc
import Netlink
import PacketModel
import SystemPackage

/// The one who starts a conversation.
final class ConversationClient {
    let conversation: Conversation
    let socket: Socket
    private let tag: ProbeTag
    private(set) var isConnecting = false
    private(set) var hasAnswer = false
    /// Why the socket failed.
    private(set) var error: Errno?
    /// The last packet of this conversation that left the machine.
    var lastFromInside: WirePacket?
    var isPathShrunk = false

    /// Opens the client's socket in the namespace of the calling thread.
    init(_ conversation: Conversation, _ tag: ProbeTag) throws(SystemError) {
        self.conversation = conversation
        self.tag = tag
        let domain = SocketAddress.domain(of: conversation.client.family)
        switch conversation.kind {
        case .tcp: socket = try .owned(by: conversation.user, domain, SOCK_STREAM)
        case .udp: socket = try .owned(by: conversation.user, domain, SOCK_DGRAM)
        case .ping:
            let number = conversation.client.family == .ipv4 ? IPProtocol.icmp : .icmpv6
            socket = try .owned(by: conversation.user, domain, SOCK_RAW, protocol: Int32(number.number))
        }
        try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
        let port = isPing ? 0 : conversation.clientPort
        try socket.bind(to: SocketAddress(conversation.client, port: port))
    }

    private var isPing: Bool { conversation.kind == .ping }

    /// The echo request of a ping.
    var request: WirePacket? {
        guard isPing else { return nil }
        // Each ping is a conversation of its own for connection tracking.
        // That of an earlier batch is still known, so the run has a part in it too.
        let run = UInt32(tag.bytes[2...])
        let identifier = UInt16(tag.bytes.suffix(2)) &+ UInt16(truncatingIfNeeded: run ^ run >> 16)
        return .echoRequest(
            from: conversation.client,
            to: conversation.server,
            identifier: identifier,
            payload: tag.bytes
        )
    }

    var flow: Flow {
        get throws(SystemError) {
            if let request { return Flow(of: request) }
            let transport: IPProtocol
            switch conversation.kind {
            case .tcp: transport = .tcp
            case .udp, .ping: transport = .udp
            }
            let port = try SocketAddress.localPort(of: socket)
            return Flow(
                from: conversation.client,
                port: port,
                to: conversation.server,
                port: conversation.port,
                transport
            )
        }
    }

    func start() {
        let server = SocketAddress(conversation.server, port: conversation.port)
        switch conversation.kind {
        case .tcp:
            isConnecting = true
            error = socket.connect(to: server)
        case .udp:
            error = socket.connect(to: server) ?? socket.send(tag.bytes)
        case .ping:
            // An inbound ping is put on the wire by its batch, so that any source will do.
            if conversation.isOutbound, let request {
                error = socket.send(request.transportBytes, to: server)
            }
        }
    }

    /// Does what the socket allows now; whether it allowed anything.
    func step() -> Bool {
        guard error == nil, !isPing, !hasAnswer else { return false }
        var hasMoved = false
        if isConnecting {
            switch socket.send(tag.bytes) {
            case nil: isConnecting = false
            case .wouldBlock?, .socketNotConnected?: return false
            case let failure?: error = failure
            }
            hasMoved = true
        }
        if let answer = socket.receive(), answer == tag.bytes {
            hasAnswer = true
            hasMoved = true
        }
        return hasMoved
    }

    /// A packet with the tag came back: the answer, if it is an echo reply (its type is the first byte after IP).
    func noteReply(_ bytes: [UInt8]) {
        guard isPing, let (type, reply) = typeOfReply(in: bytes), type == reply else { return }
        hasAnswer = true
    }

    private func typeOfReply(in bytes: [UInt8]) -> (UInt8, UInt8)? {
        switch conversation.client.family {
        case .ipv6:
            return bytes.first.map { ($0, 129) }
        case .ipv4:
            // A raw socket of IPv4 gives the IP header too (raw(7)), a parsed packet does not.
            let start = conversation.isOutbound ? Int(bytes[0] & 0xF) * 4 : 0
            return bytes.count > start ? (bytes[start], 0) : nil
        }
    }

    /// How a failed socket says that it was refused.
    var refusal: Observation.Refusal? {
        switch error {
        case .connectionRefused?, .connectionReset?: .reset
        case .noRouteToHost?, .networkUnreachable?, .permissionDenied?: .icmp
        default: nil
        }
    }

    /// A packet of the inside that a router may quote and the socket will believe.
    var quotable: WirePacket? {
        guard var packet = lastFromInside else { return nil }
        if case .tcp(var header) = packet.transport {
            // What was acknowledged since is not believed; the byte that comes next always is (RFC 5927 section 4.1).
            header.sequence &+= UInt32(packet.payload.count)
            packet.transport = .tcp(header)
        }
        return packet
    }
}
