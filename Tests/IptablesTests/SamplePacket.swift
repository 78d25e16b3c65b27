import PacketModel

/// A packet as the rules of a test see it.
struct SamplePacket {
    var transportProtocol = IPProtocol.tcp
    var source: UInt128
    var destination: UInt128
    var port: UInt16
    var originalPort: UInt16
    var originalDestination: UInt128
    var input: String?
    var output: String?
    var state = ConnectionState.new
    var isReply = false
    var isTranslated = false
    var user: UInt32 = 0
    var time = CalendarTime(seconds: 0)

    var packet: Packet {
        var packet = Packet(family: .ipv4, inputInterface: input, outputInterface: output)
        packet[.transportProtocol] = UInt128(transportProtocol.number)
        packet[.source] = source
        packet[.destination] = destination
        packet[.sourcePort] = 40_000
        packet[.destinationPort] = UInt128(port)
        packet[.icmpTypeAndCode] = UInt128(port)
        packet[.originalDestinationPort] = UInt128(originalPort)
        packet[.originalDestination] = originalDestination
        packet[.connectionState] = UInt128(state.rawValue)
        packet[.connectionStatus] = isTranslated ? UInt128(ConnectionStatus.destinationNAT.rawValue) : 0
        packet[.connectionDirection] = isReply ? 1 : 0
        packet[.user] = UInt128(user)
        packet[.tcpFlags] = UInt128(TCPFlags.syn.rawValue)
        packet[.hopLimit] = 64
        packet[.sourceRoute] = 1
        packet[.destinationTypeHere] = UInt128(AddressType.local.rawValue)
        packet[.time] = UInt128(time.seconds)
        return packet
    }
}
