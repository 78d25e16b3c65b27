package import PacketModel

/// What IPv6 hosts say to those on the same link.
extension WirePacket {
    /// Asks who has an address (RFC 4861 section 4.3), the neighbour itself or its group.
    package static func neighbourSolicitation(
        from source: IPAddress,
        to destination: IPAddress,
        about target: IPAddress,
        hopLimit: UInt8 = 255
    ) -> WirePacket {
        let transport = Transport.icmp(type: 135, code: 0, rest: 0)
        return WirePacket(from: source, to: destination, transport, payload: target.bytes, hopLimit: hopLimit)
    }

    /// Says who has an address (RFC 4861 section 4.4): solicited, overriding.
    package static func neighbourAdvertisement(
        from source: IPAddress,
        to destination: IPAddress,
        about target: IPAddress,
        hopLimit: UInt8 = 255
    ) -> WirePacket {
        let transport = Transport.icmp(type: 136, code: 0, rest: 0x6000_0000)
        return WirePacket(from: source, to: destination, transport, payload: target.bytes, hopLimit: hopLimit)
    }

    /// A router's advertisement that offers nothing (RFC 4861 section 4.2), to all nodes.
    package static func routerAdvertisement(from source: IPAddress, hopLimit: UInt8 = 255) -> WirePacket {
        let transport = Transport.icmp(type: 134, code: 0, rest: 0)
        let payload = [UInt8](repeating: 0, count: 8)
        return WirePacket(from: source, to: .allNodes, transport, payload: payload, hopLimit: hopLimit)
    }

    /// A host's question for routers (RFC 4861 section 4.1), to all routers.
    package static func routerSolicitation(from source: IPAddress, hopLimit: UInt8 = 255) -> WirePacket {
        let transport = Transport.icmp(type: 133, code: 0, rest: 0)
        return WirePacket(from: source, to: .allRouters, transport, hopLimit: hopLimit)
    }

    /// A router's general question for listeners (RFC 2710 section 3), to all nodes.
    package static func listenerQuery(from source: IPAddress) -> WirePacket {
        let transport = Transport.icmp(type: 130, code: 0, rest: 1_000 << 16)
        let payload = [UInt8](repeating: 0, count: 16)
        var packet = WirePacket(from: source, to: .allNodes, transport, payload: payload, hopLimit: 1)
        packet.alertsRouters = true
        return packet
    }
}

extension IPAddress {
    /// ff02::1
    package static let allNodes = IPAddress(family: .ipv6, value: 0xFF02 << 112 | 1)
    /// ff02::2
    package static let allRouters = IPAddress(family: .ipv6, value: 0xFF02 << 112 | 2)

    package var isMulticast: Bool {
        switch family {
        case .ipv4: value >> 28 == 0xE
        case .ipv6: value >> 120 == 0xFF
        }
    }

    /// 255.255.255.255
    package static let broadcast = IPAddress(family: .ipv4, value: UInt128(UInt32.max))
}
