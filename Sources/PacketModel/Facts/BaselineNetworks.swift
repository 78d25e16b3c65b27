/// Networks whose addresses say something by themselves.
package enum BaselineNetworks {
    /// 127.0.0.0/8 (RFC 1122 section 3.2.1.3).
    package static let loopback = network(.ipv4, 127 << 24, 8)

    /// ::ffff:0:0/96, which stands for IPv4 inside a host and is on no wire (RFC 4291 section 2.5.5.2; RFC 6890).
    package static let mapped = network(.ipv6, 0xFFFF << 32, 96)

    /// fe80::/10 (RFC 4291 section 2.5.6).
    package static let linkLocal = network(.ipv6, 0xFE80 << 112, 10)

    /// ff00::/8 (RFC 4291 section 2.7).
    package static let multicast = network(.ipv6, 0xFF << 120, 8)

    private static func network(_ family: IPFamily, _ first: UInt128, _ length: Int) -> IntervalSet<UInt128> {
        IntervalSet([Prefix(family: family, first: first, length: length)].compactMap { $0?.interval })
    }
}
