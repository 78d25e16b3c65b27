package import PacketModel

/// The packets that carry a tunnel, as the rules of this host see them.
package struct OuterFlow: Hashable, Sendable {
    package var transportProtocol: IPProtocol
    /// The other end; nil where it may be any.
    package var remote: IPAddress?
    /// This host's end; nil where it may be any of its addresses.
    package var local: IPAddress?
    /// The port that they come to; nil for a protocol without ports.
    package var port: UInt16?
    /// The interface that they come by; nil where it is not known.
    package var interface: String?
    /// This host begins the tunnel anew by itself, to this port of the other end.
    package var begunHere: UInt16?

    package init(
        _ transportProtocol: IPProtocol,
        remote: IPAddress?,
        local: IPAddress?,
        port: UInt16? = nil,
        begunHere: UInt16? = nil
    ) {
        self.transportProtocol = transportProtocol
        self.remote = remote
        self.local = local
        self.port = port
        self.begunHere = begunHere
    }
}

/// A tunnel that a session comes through.
package struct Tunnel: Hashable, Sendable {
    /// `wg0 (wireguard)`, `IPsec`
    package var name: String
    /// Each of these must come in, or the tunnel ends when the state runs out that connection tracking keeps of it; none
    /// where nobody knows what carries it.
    package var flows: [OuterFlow]

    package init(name: String, flows: [OuterFlow]) {
        self.name = name
        self.flows = flows
    }
}

/// The way that the packets of a session take below their own addresses.
package struct SessionPath: Hashable, Sendable {
    /// From the inside out.
    package var tunnels: [Tunnel] = []
    /// The interface of this host behind which a container or a virtual machine of its own is the other end.
    package var guest: String?

    package init() {}
}
