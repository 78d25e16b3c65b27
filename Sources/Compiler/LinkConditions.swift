import PacketModel
import Policy

/// What a packet that keeps a host on its link looks like, besides its family: the parts of the baseline that no deny and no
/// ban takes away.
enum LinkConditions {
    /// Router and neighbour solicitations and advertisements: their hop limit shows that no router passed them on (RFC 4861
    /// section 3.1).
    static let neighbourDiscovery: [Condition] = [
        .field(.icmpTypeAndCode, in: ICMPKinds.neighbourDiscovery.asFieldValues),
        .field(.hopLimit, is: UInt8(255)),
    ]

    /// Messages about multicast listeners stay on their link, and those of others come from its addresses (RFC 2710 section 3;
    /// RFC 3810 sections 5.1.14 and 5.2.13). What this host says while it has no such address yet comes from none.
    static func multicastListener(_ direction: Direction) -> [Condition] {
        let isOfOthers: [Condition] =
            direction == .inbound ? [.field(.source, in: BaselineNetworks.linkLocal)] : []
        return [.field(.icmpTypeAndCode, in: ICMPKinds.multicastListener.asFieldValues)] + isOfOthers
            + [.field(.hopLimit, is: UInt8(1))]
    }

    /// What the host's own lease takes. With IPv6 a client asks from its address of the link, and is answered there.
    static func lease(_ direction: Direction, _ family: IPFamily) -> [Condition] {
        guard direction == .inbound else { return DHCPPorts.question(family) }
        let isOfLink: [Condition] =
            family == .ipv6 ? [.field(.destination, in: BaselineNetworks.linkLocal)] : []
        return isOfLink + DHCPPorts.answer(family)
    }
}
