package import PacketModel

/// A connection of this host that lives now: one of TCP that is established, or that one side has closed while the other
/// may still send, or a connected socket of UDP.
package struct LiveConnection: Hashable, Sendable {
    package var transportProtocol: IPProtocol
    package var local: IPAddress
    package var localPort: UInt16
    package var remote: IPAddress
    package var remotePort: UInt16
    /// The other side began it: it goes to a port that is listened on.
    package var isInbound: Bool
    /// The interface that has the local address, and by which the connection is taken to run; nil when none has it.
    package var interface: String?
    /// What the kernel calls the program that holds it; nil when nobody's descriptors show it.
    package var process: String?
    /// The user that owns the socket.
    package var user: UInt32

    /// Whether both are the same two ends.
    package func isSame(as other: LiveConnection) -> Bool {
        (local, localPort, remote, remotePort) == (
            other.local, other.localPort, other.remote, other.remotePort
        )
    }

    package init(
        _ transportProtocol: IPProtocol,
        local: IPAddress,
        localPort: UInt16,
        remote: IPAddress,
        remotePort: UInt16,
        isInbound: Bool,
        interface: String? = nil,
        process: String? = nil,
        user: UInt32 = 0
    ) {
        self.transportProtocol = transportProtocol
        self.local = local
        self.localPort = localPort
        self.remote = remote
        self.remotePort = remotePort
        self.isInbound = isInbound
        self.interface = interface
        self.process = process
        self.user = user
    }
}
