import PacketModel

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
