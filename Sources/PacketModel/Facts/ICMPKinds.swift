/// Groups of ICMP and ICMPv6 messages, as intervals of type (high byte) and code (low byte).
package enum ICMPKinds {
    package static func echoRequest(_ family: IPFamily) -> (IPProtocol, Interval<UInt16>) {
        switch family {
        case .ipv4: (.icmp, type(8))
        case .ipv6: (.icmpv6, type(128))
        }
    }

    /// Errors that concern a connection (RFC 792; RFC 4443; RFC 4890 section 4.3.1), redirects left out.
    package static func errors(_ family: IPFamily) -> IntervalSet<UInt16> {
        switch family {
        case .ipv4: IntervalSet([type(3), type(11), type(12)])
        case .ipv6: IntervalSet([type(1), type(2), type(3), type(4)])
        }
    }

    /// Router and neighbour solicitations and advertisements (RFC 4861 section 4).
    package static let neighbourDiscovery = IntervalSet((133...136).map(type))

    /// Multicast listener queries, reports, done (RFC 2710), reports of version 2 (RFC 3810).
    package static let multicastListener = IntervalSet([130, 131, 132, 143].map(type))

    private static func type(_ number: UInt16) -> Interval<UInt16> {
        Interval(number << 8, number << 8 | 0xFF) ?? Interval(number << 8)
    }
}
