extension Packet {
    /// What connection tracking says of the packet when it is the first of its connection.
    ///
    /// From net/netfilter/nf_conntrack_proto_tcp.c (tcp_valid_flags, tcp_new, with `nf_conntrack_tcp_loose`),
    /// nf_conntrack_proto_icmp.c and nf_conntrack_proto_icmpv6.c.
    package var naturalState: ConnectionState {
        let type = UInt8(truncatingIfNeeded: (self[.icmpTypeAndCode] ?? 0) >> 8)
        return
            switch (
                self[.transportProtocol].map { IPProtocol(number: UInt8(truncatingIfNeeded: $0)) }, family
            )
        {
        case (.tcp, _): Self.startsConnection(TCPFlags(rawValue: UInt8(self[.tcpFlags] ?? 0)))
        case (.icmp, .ipv4): [8, 13, 15, 17].contains(type) ? .new : .invalid
        case (.icmpv6, .ipv6):
            // Messages of neighbours and routers are left alone.
            (130...136).contains(type) || type == 143 ? .untracked : type == 128 ? .new : .invalid
        default: .new
        }
    }

    private static func startsConnection(_ flags: TCPFlags) -> ConnectionState {
        let known: [TCPFlags] = [.syn, [.syn, .urg], .ack, [.ack, .urg]]
        return known.contains(flags.subtracting(.psh)) ? .new : .invalid
    }

    /// Fills in what follows from the rest where it is not said: the state of the connection and its two directions.
    package mutating func completeConnection() {
        if self[.connectionState] == nil { self[.connectionState] = UInt128(naturalState.rawValue) }
        guard let state = self[.connectionState], state != UInt128(ConnectionState.invalid.rawValue),
            state != UInt128(ConnectionState.untracked.rawValue)
        else { return }
        // Types and codes stand in the place of a port; what has none of both counts as zero.
        let ports: (source: UInt128, destination: UInt128) = (
            self[.sourcePort] ?? 0, self[.destinationPort] ?? self[.icmpTypeAndCode] ?? 0
        )
        let isEstablished = state == UInt128(ConnectionState.established.rawValue)
        let defaults: [(Field, UInt128?)] = [
            (.connectionDirection, 0), (.connectionMark, 0), (.connectionProtocol, self[.transportProtocol]),
            // Seen an answer, and confirmed (linux/netfilter/nf_conntrack_common.h).
            (.connectionStatus, isEstablished ? 1 << 1 | 1 << 3 : 0), (.originalSource, self[.source]),
            (.originalSourcePort, ports.source), (.originalDestination, self[.destination]),
            (.originalDestinationPort, ports.destination), (.replySource, self[.destination]),
            (.replySourcePort, ports.destination), (.replyDestination, self[.source]),
            (.replyDestinationPort, ports.source),
        ]
        for (field, value) in defaults where self[field] == nil { self[field] = value }
    }
}
