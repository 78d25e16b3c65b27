/// A number of the IANA registry "Assigned Internet Protocol Numbers".
package struct IPProtocol: Hashable, Comparable, Sendable {
    package let number: UInt8

    package init(number: UInt8) {
        self.number = number
    }

    package static let icmp = IPProtocol(number: 1)
    package static let igmp = IPProtocol(number: 2)
    package static let tcp = IPProtocol(number: 6)
    package static let udp = IPProtocol(number: 17)
    package static let dccp = IPProtocol(number: 33)
    package static let gre = IPProtocol(number: 47)
    package static let esp = IPProtocol(number: 50)
    package static let ah = IPProtocol(number: 51)
    package static let icmpv6 = IPProtocol(number: 58)
    package static let sctp = IPProtocol(number: 132)
    package static let udplite = IPProtocol(number: 136)

    /// The protocols that carry port numbers, in the order of their numbers.
    package static let withPorts: [IPProtocol] = [.tcp, .udp, .dccp, .sctp, .udplite]

    package var hasPorts: Bool { Self.withPorts.contains(self) }

    /// ICMP and ICMPv6: what starts a conversation is named by type and code.
    package var hasTypes: Bool { self == .icmp || self == .icmpv6 }

    /// The only family that this protocol means anything in, where there is but one.
    package var family: IPFamily? {
        switch self {
        case .icmp, .igmp: .ipv4
        case .icmpv6: .ipv6
        default: nil
        }
    }

    private static let names: [(IPProtocol, String)] = [
        (.icmp, "icmp"), (.igmp, "igmp"), (.tcp, "tcp"), (.udp, "udp"), (.dccp, "dccp"), (.gre, "gre"),
        (.esp, "esp"), (.ah, "ah"), (.icmpv6, "icmpv6"), (.sctp, "sctp"), (.udplite, "udplite"),
    ]

    package init?(name: some StringProtocol) {
        guard let known = Self.names.first(where: { $0.1 == name }) else { return nil }
        self = known.0
    }

    package static func < (left: IPProtocol, right: IPProtocol) -> Bool {
        left.number < right.number
    }
}

extension IPProtocol: CustomStringConvertible {
    /// The name that both iptables and nft know without `/etc/protocols`, else the number.
    package var description: String {
        Self.names.first { $0.0 == self }?.1 ?? String(number)
    }
}
