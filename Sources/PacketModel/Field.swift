/// Something of a packet, or of the connection that it belongs to, that a rule can look at.
package enum Field: UInt8, CaseIterable, Sendable {
    case inputInterface
    case outputInterface
    /// 4 or 6.
    case family
    case transportProtocol
    case source
    case destination
    case sourcePort
    case destinationPort
    /// Type in the high byte, code in the low byte.
    case icmpTypeAndCode
    /// The six flags of ``TCPFlags``; those of ECN are left out.
    case tcpFlags
    /// Time to live of IPv4, hop limit of IPv6.
    case hopLimit
    /// One of ``ConnectionState``, by its raw value.
    case connectionState
    /// The bits of `enum ip_conntrack_status` (linux/netfilter/nf_conntrack_common.h).
    case connectionStatus
    /// 0 for the direction that started the connection, 1 for the reply.
    case connectionDirection
    /// The destination port that the first packet of the connection asked for, before NAT.
    case originalDestinationPort
    /// The destination address that the first packet of the connection asked for, before NAT.
    case originalDestination
    /// What the host's routes say of the source, and of the destination: one of ``AddressType``, by its raw value.
    case sourceType
    case destinationType
    /// 1 where the host's routes lead back to the source by the interface that the packet came by, else 0.
    case sourceRoute
    /// What the routes say of the destination at the interface that the packet came by: one of ``AddressType``, by its
    /// raw value. An address of another interface is not local here.
    case destinationTypeHere
    /// The user that owns the socket which sent the packet, and its group.
    case user
    case group
    /// What the host's clock says when the packet is looked at, in seconds since 1970.
    case time
    /// What follows from ``time`` in universal time: seconds since midnight, 1 for Monday to 7 for Sunday, 1 to 31.
    case timeOfDay
    case weekDay
    case monthDay
    /// The mark that rules put on the packet, and on its connection.
    case mark
    case connectionMark
    /// Of IPv4 the whole packet in bytes, of IPv6 what follows the fixed header.
    case length
    /// The upper six bits of the type of service, and the lower two (RFC 2474, RFC 3168).
    case dscp
    case ecn
    /// One of ``FragmentPart``, by its raw value.
    case fragment
    /// The hardware address that the frame came from, 48 bits.
    case sourceMAC
    /// Whom the frame was for: one of ``FrameType``, by its raw value.
    case frameType
    /// Of the first packet of the connection, before NAT.
    case connectionProtocol
    case originalSource
    case originalSourcePort
    /// Of the answers, after NAT.
    case replySource
    case replyDestination
    case replySourcePort
    case replyDestinationPort

    /// The width of the field in bits; interface names are not numbers and have none.
    package func width(in family: IPFamily) -> Int? {
        switch self {
        case .inputInterface, .outputInterface: nil
        case .source, .destination, .originalSource, .originalDestination, .replySource, .replyDestination:
            family.addressWidth
        case .family, .transportProtocol, .tcpFlags, .hopLimit, .connectionState, .connectionDirection,
            .sourceType, .destinationType, .sourceRoute, .destinationTypeHere, .dscp, .ecn, .fragment,
            .frameType, .connectionProtocol, .weekDay,
            .monthDay:
            8
        case .sourcePort, .destinationPort, .icmpTypeAndCode, .originalSourcePort, .originalDestinationPort,
            .replySourcePort, .replyDestinationPort:
            16
        case .connectionStatus, .user, .group, .mark, .connectionMark, .length, .timeOfDay: 32
        case .sourceMAC: 48
        case .time: 64
        }
    }

    /// The clock tells it, not the packet.
    package var isOfClock: Bool {
        switch self {
        case .time, .timeOfDay, .weekDay, .monthDay: true
        default: false
        }
    }
}

/// What the routes of a host say of an address (linux/rtnetlink.h, RTN_…).
package enum AddressType: UInt8, CaseIterable, Sendable {
    case unspecified
    case unicast
    case local
    case broadcast
    case anycast
    case multicast
    case blackhole
    case unreachable
    case prohibited
    case `throw`
    case nat
    case external
}

/// What of its datagram a packet is.
package enum FragmentPart: UInt8, Sendable {
    case whole
    /// With the header of the transport protocol.
    case first
    /// Without it.
    case later
}

/// Whom a frame was for (linux/if_packet.h, PACKET_…).
package enum FrameType: UInt8, CaseIterable, Sendable {
    case host
    case broadcast
    case multicast
    case otherHost
}

/// What connection tracking says of a packet (nft(8), "ct state").
package enum ConnectionState: UInt8, CaseIterable, Sendable {
    case invalid
    case new
    case established
    case related
    case untracked
}

/// Bits of a connection's status (linux/netfilter/nf_conntrack_common.h).
package struct ConnectionStatus: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A protocol helper expected this connection.
    package static let expected = ConnectionStatus(rawValue: 1 << 0)
    package static let sourceNAT = ConnectionStatus(rawValue: 1 << 4)
    package static let destinationNAT = ConnectionStatus(rawValue: 1 << 5)
}

/// The flags of a TCP header (RFC 9293 section 3.1).
package struct TCPFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let fin = TCPFlags(rawValue: 1 << 0)
    package static let syn = TCPFlags(rawValue: 1 << 1)
    package static let rst = TCPFlags(rawValue: 1 << 2)
    package static let psh = TCPFlags(rawValue: 1 << 3)
    package static let ack = TCPFlags(rawValue: 1 << 4)
    package static let urg = TCPFlags(rawValue: 1 << 5)

    /// The six flags of RFC 793, in the order that iptables and nft print them.
    package static let named: [(flag: TCPFlags, name: String)] = [
        (.fin, "fin"), (.syn, "syn"), (.rst, "rst"), (.psh, "psh"), (.ack, "ack"), (.urg, "urg"),
    ]

    package static let all: TCPFlags = [.fin, .syn, .rst, .psh, .ack, .urg]

    /// The names of the flags that are set, in the order of ``named``.
    package var names: [String] {
        Self.named.filter { contains($0.flag) }.map(\.name)
    }
}
