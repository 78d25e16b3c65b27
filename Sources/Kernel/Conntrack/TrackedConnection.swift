import CKernel
import Netlink
package import PacketModel

/// A connection that the kernel keeps track of, as its first packet asked for it, and as NAT made it.
package struct TrackedConnection: Hashable, Sendable {
    /// One end.
    package struct End: Hashable, Sendable {
        package var address: IPAddress
        /// 0 for protocols without ports.
        package var port: UInt16

        package init(address: IPAddress, port: UInt16) {
            (self.address, self.port) = (address, port)
        }
    }

    package var transportProtocol: IPProtocol
    /// Who began it.
    package var source: End
    /// What it asked for.
    package var asked: End
    /// Where it came to: what was asked for, unless NAT sent it elsewhere.
    package var reached: End
    /// Whom the answers are for: who began it, unless NAT speaks in its place.
    package var answered: End
    /// NAT changed where it goes.
    package var isTranslated: Bool
    /// A protocol helper expected it.
    package var isExpected: Bool
    /// It is one of TCP that both sides have closed.
    package var isOver: Bool
    /// The kernel's own number of it (`CTA_ID`), so that a later one of the same ends is not taken for it.
    let identifier: [UInt8]
    /// Its first direction as the kernel wrote it (`CTA_TUPLE_ORIG`).
    let original: [UInt8]

    /// The ends without NAT; which of them is this host does not matter.
    package func isSame(as connection: LiveConnection) -> Bool {
        guard connection.transportProtocol == transportProtocol else { return false }
        let local = End(address: connection.local, port: connection.localPort)
        let remote = End(address: connection.remote, port: connection.remotePort)
        return [source, answered].contains(remote) && reached == local
            || source == local && [asked, reached].contains(remote)
    }
}

extension TrackedConnection {
    /// Nil for what is of no family or protocol with ends to speak of: ICMP, and connections in a zone of their own,
    /// which are somebody else's.
    init?(_ message: NetlinkMessage) {
        var values: [UInt16: NetlinkAttribute] = [:]
        for attribute in message.attributes { values[attribute.type] = attribute }
        guard let first = values[UInt16(CTA_TUPLE_ORIG.rawValue)].flatMap(Tuple.init),
            let answer = values[UInt16(CTA_TUPLE_REPLY.rawValue)].flatMap(Tuple.init),
            let tuple = values[UInt16(CTA_TUPLE_ORIG.rawValue)],
            let identifier = values[UInt16(CTA_ID.rawValue)],
            let status = values[UInt16(CTA_STATUS.rawValue)]?.integer(UInt32.self),
            (values[UInt16(CTA_ZONE.rawValue)]?.integer(UInt16.self) ?? 0) == 0
        else { return nil }
        transportProtocol = first.transportProtocol
        (source, asked) = (first.source, first.destination)
        (reached, answered) = (answer.source, answer.destination)
        isTranslated = status & UInt32(IPS_DST_NAT.rawValue) != 0
        isExpected = status & UInt32(IPS_EXPECTED.rawValue) != 0
        isOver = Self.isOver(values[UInt16(CTA_PROTOINFO.rawValue)])
        self.identifier = Array(identifier.value)
        original = Array(tuple.value)
    }

    private static func isOver(_ information: NetlinkAttribute?) -> Bool {
        let tcp = information?.nested.first { $0.type == UInt16(CTA_PROTOINFO_TCP.rawValue) }
        let state = tcp?.nested.first { $0.type == UInt16(CTA_PROTOINFO_TCP_STATE.rawValue) }
        guard let number = state?.integer(UInt8.self) else { return false }
        return [TCP_CONNTRACK_TIME_WAIT, TCP_CONNTRACK_CLOSE].contains { UInt8($0.rawValue) == number }
    }

    /// One direction of a connection.
    private struct Tuple {
        var transportProtocol: IPProtocol
        var source: End
        var destination: End

        init?(_ attribute: NetlinkAttribute) {
            var (addresses, ports): ([UInt16: IPAddress], [UInt16: UInt16]) = ([:], [:])
            var number: UInt8?
            for part in attribute.nested {
                for value in part.nested {
                    if part.type == UInt16(CTA_TUPLE_IP.rawValue) {
                        addresses[value.type] = Self.address(value)
                    } else if value.type == UInt16(CTA_PROTO_NUM.rawValue) {
                        number = value.integer(UInt8.self)
                    } else {
                        ports[value.type] = value.integer(UInt16.self)
                    }
                }
            }
            let (from, to) = (
                addresses[UInt16(CTA_IP_V4_SRC.rawValue)] ?? addresses[UInt16(CTA_IP_V6_SRC.rawValue)],
                addresses[UInt16(CTA_IP_V4_DST.rawValue)] ?? addresses[UInt16(CTA_IP_V6_DST.rawValue)]
            )
            guard let number, let from, let to, case let transport = IPProtocol(number: number),
                !transport.hasTypes
            else { return nil }
            transportProtocol = transport
            source = End(address: from, port: ports[UInt16(CTA_PROTO_SRC_PORT.rawValue)] ?? 0)
            destination = End(address: to, port: ports[UInt16(CTA_PROTO_DST_PORT.rawValue)] ?? 0)
        }

        private static func address(_ value: NetlinkAttribute) -> IPAddress? {
            if let number = value.integer(UInt32.self) {
                return IPAddress(family: .ipv4, value: UInt128(number))
            }
            return value.integer(UInt128.self).map { IPAddress(family: .ipv6, value: $0) }
        }
    }
}
