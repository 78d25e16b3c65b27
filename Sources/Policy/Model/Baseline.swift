/// The parts of a firewall that every host needs; all but `established` can be turned off.
package struct Baseline: Hashable, Sendable {
    /// A part that can be turned on and off, by its key in the policy.
    package enum Part: String, CaseIterable, Sendable {
        /// Everything on the loopback interface.
        case loopback
        /// ICMP errors that belong to a connection (path MTU and the rest of RFC 4890 section 4.3.1).
        case icmpErrors = "icmp-errors"
        /// Connections that a protocol helper expects; off unless the policy says so.
        case helpers
        /// What connection tracking can make nothing of is dropped.
        case invalid
        /// Null, xmas and other impossible combinations of TCP flags are dropped.
        case impossibleFlags = "impossible-flags"
        /// Loopback addresses that come from outside are dropped, and what outside begins with a loopback address of
        /// this host (`route_localnet`), unless NAT sent it there.
        case spoofedLoopback = "spoofed-loopback"
        /// IPv6 from or to addresses that stand for IPv4 is dropped: a socket of both families takes it for IPv4.
        case mappedAddresses = "mapped-addresses"
        /// What begins a connection from a source that the routes do not lead back to by the interface that it came by
        /// is dropped (RFC 3704 section 2.3); off unless the policy says so.
        case reversePath = "reverse-path"
        /// What asks for an address of another interface than the one that it came by is dropped (RFC 1122 section
        /// 3.3.4.2, the strong model); off unless the policy says so.
        case ownAddresses = "own-addresses"
        /// ICMPv6 router and neighbour solicitations and advertisements with hop limit 255 (RFC 4861).
        case neighbourDiscovery = "neighbour-discovery"
        /// Multicast listener discovery (RFC 2710, RFC 3810).
        case multicastListener = "multicast-listener"
        /// The host's own lease: 68 to 67 and back (RFC 2131).
        case dhcp
        /// Replies to port 546 of link-local addresses (RFC 9915), and the questions.
        case dhcpv6

        /// Those that are on unless the policy says otherwise: what is off would cut hosts whose routes it does not fit.
        package static let usual = Set(allCases).subtracting([.helpers, .reversePath, .ownAddresses])
    }

    package var parts: Set<Part>

    package init(parts: Set<Part> = Part.usual) {
        self.parts = parts
    }

    package func has(_ part: Part) -> Bool { parts.contains(part) }
}
