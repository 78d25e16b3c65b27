import PacketModel

/// What tells one conversation from another: addresses, protocol, ports; of an echo, its identifier.
struct Flow: Hashable, Sendable {
    var source: IPAddress
    var destination: IPAddress
    var transport: IPProtocol
    var sourcePort: UInt16
    var destinationPort: UInt16

    init(
        from source: IPAddress,
        port sourcePort: UInt16,
        to destination: IPAddress,
        port destinationPort: UInt16,
        _ transport: IPProtocol
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }

    init(of packet: WirePacket) {
        source = packet.source
        destination = packet.destination
        transport = packet.transport.number(in: packet.family)
        switch packet.transport {
        case .tcp(let header): (sourcePort, destinationPort) = (header.source, header.destination)
        case .udp(let source, let destination): (sourcePort, destinationPort) = (source, destination)
        case .icmp(_, _, let rest): (sourcePort, destinationPort) = (UInt16(rest >> 16), 0)
        case .opening(_, let source, let destination): (sourcePort, destinationPort) = (source, destination)
        case .other: (sourcePort, destinationPort) = (0, 0)
        }
    }

    /// The flow of the answers.
    var reversed: Flow {
        Flow(from: destination, port: destinationPort, to: source, port: sourcePort, transport)
    }
}
