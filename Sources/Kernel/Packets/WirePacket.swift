package import PacketModel

/// A packet of either family, as it is on the wire, whole and unfragmented.
package struct WirePacket: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    /// Time to live of IPv4.
    package var hopLimit: UInt8
    /// Whether an IPv6 packet asks routers to look at it (RFC 2711), as those about multicast listeners do.
    package var alertsRouters = false
    package var transport: Transport
    /// What follows the header of the transport.
    package var payload: [UInt8]

    package init(
        from source: IPAddress,
        to destination: IPAddress,
        _ transport: Transport,
        payload: [UInt8] = [],
        hopLimit: UInt8 = 64
    ) {
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.transport = transport
        self.payload = payload
    }

    package var family: IPFamily { source.family }

    package enum Transport: Hashable, Sendable {
        case tcp(TCPHeader)
        case udp(source: UInt16, destination: UInt16)
        /// ICMP or ICMPv6, by the family; `rest` is the second word of the header.
        case icmp(type: UInt8, code: UInt8, rest: UInt32)
        /// What opens a connection of SCTP, DCCP or UDP-Lite.
        case opening(IPProtocol, source: UInt16, destination: UInt16)
        /// Anything else: the payload is all there is.
        case other(IPProtocol)

        package func number(in family: IPFamily) -> IPProtocol {
            switch self {
            case .tcp: .tcp
            case .udp: .udp
            case .icmp: family == .ipv4 ? .icmp : .icmpv6
            case .opening(let number, _, _), .other(let number): number
            }
        }
    }

    /// What varies in a TCP header without options (RFC 9293 section 3.1).
    package struct TCPHeader: Hashable, Sendable {
        package var source: UInt16
        package var destination: UInt16
        package var sequence: UInt32
        package var acknowledgement: UInt32
        package var flags: TCPFlags

        package init(
            source: UInt16,
            destination: UInt16,
            flags: TCPFlags,
            sequence: UInt32 = 1,
            acknowledgement: UInt32 = 0
        ) {
            self.source = source
            self.destination = destination
            self.flags = flags
            self.sequence = sequence
            self.acknowledgement = acknowledgement
        }
    }
}
