package import PacketModel

extension AddressSet {
    /// What masquerade hides when it is not told: every IPv4 address, and the unique local ones of IPv6
    /// (RFC 4193), because global ones need no NAT.
    package static let masqueradedNetworks: AddressSet = {
        let local = Prefix(family: .ipv6, first: 0xFC << 120, length: 7)
        return AddressSet(ipv4: AddressSet.full.ipv4, ipv6: IntervalSet([local].compactMap { $0?.interval }))
    }()
}
