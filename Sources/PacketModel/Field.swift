/// Something of a packet, or of the connection that it belongs to, that a rule can look at.
package enum Field: String, CaseIterable, Comparable, Sendable {
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
    /// 1 when the destination is an address of this host.
    case destinationIsLocal
    /// The user that owns the socket which sent the packet.
    case user
    /// What the host's clock says when the packet is looked at, in seconds since 1970.
    case time

    /// The width of the field in bits; interface names are not numbers and have none.
    package func width(in family: IPFamily) -> Int? {
        switch self {
        case .inputInterface, .outputInterface: nil
        case .source, .destination, .originalDestination: family.addressWidth
        case .family, .transportProtocol, .tcpFlags, .hopLimit, .connectionState, .connectionDirection,
            .destinationIsLocal:
            8
        case .sourcePort, .destinationPort, .icmpTypeAndCode, .originalDestinationPort: 16
        case .connectionStatus, .user: 32
        case .time: 64
        }
    }

    package static func < (left: Field, right: Field) -> Bool {
        left.rawValue < right.rawValue
    }
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
