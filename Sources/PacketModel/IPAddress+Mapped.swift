/// IPv4 addresses as a socket of both families has them, `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2): its packets have the
/// IPv4 address alone.
extension IPAddress {
    /// The IPv4 address that a mapped one stands for; others as they are.
    package var withoutMapping: IPAddress {
        guard family == .ipv6, value >> 32 == 0xFFFF else { return self }
        return IPAddress(family: .ipv4, value: value & 0xFFFF_FFFF)
    }
}

extension Prefix {
    /// The IPv4 network that a prefix of mapped addresses stands for; others as they are.
    package var withoutMapping: Prefix {
        guard family == .ipv6, length >= 96, first >> 32 == 0xFFFF else { return self }
        return Prefix(family: .ipv4, first: first & 0xFFFF_FFFF, length: length - 96) ?? self
    }
}
