package import PacketModel

/// One question to the machine under test.
package enum Probe: Hashable, Sendable {
    /// A packet that comes in by a link, from any source; passed when it is seen past INPUT.
    case inbound(WirePacket, on: String)
    /// A packet that comes in by one link; passed when it leaves by another, after NAT for another address.
    case forwarded(WirePacket, on: String, leaving: String, destination: IPAddress? = nil)
    /// A packet from a socket of this user inside; passed when it leaves by any link.
    ///
    /// The source is an address of the inside. A TCP packet with SYN alone comes from a connecting socket,
    /// UDP from a UDP socket, everything else from a raw one. A link is needed for multicast and link-local.
    case outbound(WirePacket, user: UInt32 = 0, on: String? = nil)
    case conversation(Conversation)
}

/// A client that says something to a server and gets it back.
package struct Conversation: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// A listener that echoes, at this port if it is another than the client asks for.
        case tcp(port: UInt16, listener: UInt16? = nil)
        case udp(port: UInt16, listener: UInt16? = nil)
        case ping
    }

    package enum Direction: Hashable, Sendable {
        case inbound
        /// The client is a socket of this user inside.
        case outbound(user: UInt32 = 0)
    }

    package var kind: Kind
    package var direction: Direction
    /// The link that leads to the outside one of the two.
    package var link: String
    /// Inbound: any address; it is made to live behind the link. Outbound: an address of the inside.
    package var client: IPAddress
    /// Inbound: an address of the inside. Outbound: any address; it is made to live behind the link.
    package var server: IPAddress
    /// 0: any.
    package var clientPort: UInt16
    /// After the echo a router says that packets of the inside are too big for a link of this MTU; passed when
    /// the socket inside follows. Not for a UDP server or a ping.
    package var pathMTU: UInt16?
    /// Inbound: the addresses that a redirect may send it to, where the server listens then; empty for ``server``.
    package var listeners: [IPAddress]

    package init(
        _ kind: Kind,
        _ direction: Direction = .inbound,
        from client: IPAddress,
        port clientPort: UInt16 = 0,
        to server: IPAddress,
        on link: String,
        pathMTU: UInt16? = nil,
        listeners: [IPAddress] = []
    ) {
        self.kind = kind
        self.direction = direction
        self.link = link
        self.client = client
        self.server = server
        self.clientPort = clientPort
        self.pathMTU = pathMTU
        self.listeners = listeners
    }

    /// The port that the client asks for.
    var port: UInt16 {
        switch kind {
        case .tcp(let port, _), .udp(let port, _): port
        case .ping: 0
        }
    }
}
