/// When a packet comes.
package struct PacketTime: Hashable, Sendable {
    /// Of any clock, or since 1970 when it is a date.
    package var nanoseconds: UInt64
    package var isDate: Bool
}

/// What somebody says of a packet; what they leave out takes a value that makes sense.
package struct PacketDescription: Sendable {
    package var family: IPFamily?
    package var transportProtocol: IPProtocol?
    package var source: IPAddress?
    package var sourcePort: UInt16?
    package var destination: IPAddress?
    package var destinationPort: UInt16?
    package var icmpType: UInt8?
    package var icmpCode: UInt8?
    package var flags: TCPFlags?
    package var inputInterface: String?
    package var outputInterface: String?
    package var state: ConnectionState?
    package var mark: UInt32?
    package var length: UInt32?
    package var hopLimit: UInt8?
    package var dscp: UInt8?
    package var fragment: FragmentPart?
    /// 48 bits.
    package var sourceMAC: UInt64?
    package var user: UInt32?
    package var group: UInt32?
    /// Nil for the time of the packet before.
    package var time: PacketTime?

    package init() {}

    /// The family that the description is of; IPv4 when nothing tells.
    package var resolvedFamily: IPFamily {
        family ?? source?.family ?? destination?.family ?? transportProtocol?.family ?? .ipv4
    }

    /// Of this family where nothing of it tells another.
    package func ofFamily(_ said: IPFamily?) -> PacketDescription {
        var packet = self
        packet.family = family ?? source?.family ?? destination?.family ?? transportProtocol?.family ?? said
        return packet
    }

    /// An address, or a protocol, that is not of the family.
    package var contradiction: String? {
        let family = resolvedFamily
        for address in [source, destination] {
            if let address, address.family != family { return "\(address) is not an address of \(family)" }
        }
        if let other = transportProtocol?.family, other != family {
            return "\(transportProtocol.map { "\($0)" } ?? "") is not a protocol of \(family)"
        }
        return nil
    }

    /// With nothing left out.
    package var completed: PacketDescription {
        var whole = self
        let family = resolvedFamily
        let number = transportProtocol ?? (icmpType == nil ? .tcp : family == .ipv4 ? .icmp : .icmpv6)
        whole.family = family
        whole.transportProtocol = number
        if inputInterface == nil, outputInterface == nil { whole.inputInterface = "eth0" }
        // Documentation addresses (RFC 5737, RFC 3849).
        whole.source = source ?? family.documentation(198 << 24 | 51 << 16 | 100 << 8 | 7, 7)
        whole.destination = destination ?? family.documentation(192 << 24 | 2 << 8 | 2, 2)
        if number.hasPorts {
            whole.sourcePort = sourcePort ?? 40_000
            whole.destinationPort = destinationPort ?? 80
        }
        if number.hasTypes {
            whole.icmpType = icmpType ?? (family == .ipv4 ? 8 : 128)
            whole.icmpCode = icmpCode ?? 0
        }
        if number == .tcp { whole.flags = flags ?? (state.map { $0 == .new } ?? true ? .syn : .ack) }
        whole.mark = mark ?? 0
        whole.length = length ?? 60
        // Neighbours speak with the highest, so that nobody from afar can (RFC 4861 section 6.1.1).
        let isOfNeighbours = number == .icmpv6 && whole.icmpType.map { (133...137).contains($0) } ?? false
        whole.hopLimit = hopLimit ?? (isOfNeighbours ? 255 : 64)
        whole.dscp = dscp ?? 0
        whole.fragment = fragment ?? .whole
        if state == nil { whole.state = whole.fields.naturalState }
        return whole
    }

    /// The packet, as it is on the wire.
    package var packet: Packet {
        var packet = completed.fields
        packet.completeConnection()
        return packet
    }

    /// What is said, and what follows from the addresses alone.
    private var fields: Packet {
        let family = resolvedFamily
        var packet = Packet(family: family, inputInterface: inputInterface, outputInterface: outputInterface)
        packet[.transportProtocol] = transportProtocol.map { UInt128($0.number) }
        packet[.source] = source?.value
        packet[.destination] = destination?.value
        packet[.sourcePort] = sourcePort.map { UInt128($0) }
        packet[.destinationPort] = destinationPort.map { UInt128($0) }
        packet[.icmpTypeAndCode] = icmpType.map { UInt128($0) << 8 | UInt128(icmpCode ?? 0) }
        packet[.tcpFlags] = flags.map { UInt128($0.rawValue) }
        packet[.connectionState] = state.map { UInt128($0.rawValue) }
        packet[.mark] = mark.map { UInt128($0) }
        packet[.length] = length.map { UInt128($0) }
        packet[.hopLimit] = hopLimit.map { UInt128($0) }
        packet[.dscp] = dscp.map { UInt128($0) }
        packet[.ecn] = 0
        packet[.fragment] = fragment.map { UInt128($0.rawValue) }
        packet[.sourceMAC] = sourceMAC.map { UInt128($0) }
        let isSent = inputInterface == nil
        packet[.user] = user.map { UInt128($0) } ?? (isSent ? 0 : nil)
        packet[.group] = group.map { UInt128($0) } ?? (isSent ? 0 : nil)
        let kind = destination?.kind ?? .unicast
        let type = kind == .unicast && outputInterface == nil ? AddressType.local : kind
        packet[.destinationType] = UInt128(type.rawValue)
        if !isSent {
            // As most packets are: the routes lead back, and the address is one of the interface.
            packet[.sourceRoute] = 1
            packet[.destinationTypeHere] = UInt128(type.rawValue)
        }
        packet[.sourceType] = UInt128((isSent ? AddressType.local : .unicast).rawValue)
        let frame: FrameType = kind == .broadcast ? .broadcast : kind == .multicast ? .multicast : .host
        packet[.frameType] = UInt128(frame.rawValue)
        return packet
    }
}

extension IPFamily {
    fileprivate func documentation(_ ipv4: UInt128, _ host: UInt128) -> IPAddress {
        IPAddress(family: self, value: self == .ipv4 ? ipv4 : 0x2001_0DB8 << 96 | host)
    }
}

extension IPAddress {
    /// What an address alone tells of its type (RFC 1112, RFC 919, RFC 4291 section 2.7).
    fileprivate var kind: AddressType {
        switch family {
        case .ipv4: value == 0xFFFF_FFFF ? .broadcast : value >> 28 == 0xE ? .multicast : .unicast
        case .ipv6: value >> 120 == 0xFF ? .multicast : .unicast
        }
    }
}
