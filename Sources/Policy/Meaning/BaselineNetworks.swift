import PacketModel

/// Networks whose addresses say something by themselves.
enum BaselineNetworks {
    /// 127.0.0.0/8 (RFC 1122 section 3.2.1.3).
    static let loopback = network(.ipv4, 127 << 24, 8)

    /// ::ffff:0:0/96, which stands for IPv4 inside a host and is on no wire (RFC 4291 section 2.5.5.2; RFC 6890).
    static let mapped = network(.ipv6, 0xFFFF << 32, 96)

    /// fe80::/10 (RFC 4291 section 2.5.6).
    static let linkLocal = network(.ipv6, 0xFE80 << 112, 10)

    /// ff00::/8 (RFC 4291 section 2.7).
    static let multicast = network(.ipv6, 0xFF << 120, 8)

    private static func network(_ family: IPFamily, _ first: UInt128, _ length: Int) -> IntervalSet<UInt128> {
        IntervalSet([Prefix(family: family, first: first, length: length)].compactMap { $0?.interval })
    }
}

/// What the parts ask of the host's routes that are off by default.
enum RouteConditions {
    /// The routes lead elsewhere; who asks for an address (0.0.0.0, ::) has none yet.
    static func reversePath(_ family: IPFamily) -> [Condition] {
        [.not(.field(.source, is: UInt8(0))), .field(.sourceRoute, is: UInt8(0))]
    }

    /// It is neither an address of the interface nor one of many; what NAT sent elsewhere was asked for otherwise, and
    /// `isLeft` says that it did not.
    static func ownAddresses(_ family: IPFamily, _ isLeft: Condition) -> [Condition] {
        // One by one: nft has no ranges of types.
        let types: [AddressType] = family == .ipv4 ? [.local, .broadcast, .multicast] : [.local]
        let here = types.map { Condition.not(.field(.destinationTypeHere, is: $0.rawValue)) }
        let ofMany: [Condition] =
            family == .ipv6 ? [.not(.field(.destination, in: BaselineNetworks.multicast))] : []
        return ofMany + here + [isLeft]
    }
}

extension ICMPKinds {
    /// What messages about multicast listeners have besides their type: they stay on their link, and those of others
    /// come from its addresses (RFC 2710 section 3; RFC 3810 sections 5.1.14 and 5.2.13). What this host says while it
    /// has no such address yet comes from none.
    static func listenerConditions(_ direction: Direction) -> [Condition] {
        let stays = Condition.field(.hopLimit, is: UInt8(1))
        return direction == .inbound ? [.field(.source, in: BaselineNetworks.linkLocal), stays] : [stays]
    }
}

extension Policy {
    /// The part of the baseline that drops a packet which starts a conversation, whatever the lines say.
    func droppingPart(_ approach: Approach) -> Baseline.Part? {
        let interface = approach.direction == .outbound ? approach.outputInterface : approach.inputInterface
        guard interface != "lo" else { return nil }
        let (source, destination) = (approach.source.value, approach.destination.value)
        switch approach.family {
        case .ipv4:
            guard approach.direction != .outbound, baseline.has(.spoofedLoopback) else { return nil }
            let isSpoofed = BaselineNetworks.loopback.contains(source)
            let reachesInside = BaselineNetworks.loopback.contains(destination) && !approach.isTranslated
            return isSpoofed || reachesInside ? .spoofedLoopback : nil
        case .ipv6:
            guard baseline.has(.mappedAddresses) else { return nil }
            let isMapped = [source, destination].contains { BaselineNetworks.mapped.contains($0) }
            return isMapped ? .mappedAddresses : nil
        }
    }
}
