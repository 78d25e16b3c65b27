package import PacketModel

/// Which answers of a name server a policy believes.
package enum HostAnswer {
    package enum Refusal: Hashable, Sendable {
        case loopback
        case multicast
        case unspecified
        /// Only of a set that allows it.
        case isPrivate
    }

    /// Why the address cannot be what a name stands for, or is private; nil for one that can.
    package static func refusal(_ address: IPAddress) -> Refusal? {
        for (refusal, networks) in refused where networks.contains(address) { return refusal }
        return nil
    }

    /// Whether the address is taken for an answer.
    package static func isUsable(_ address: IPAddress, allowingPrivate: Bool) -> Bool {
        switch refusal(address) {
        case nil: true
        case .isPrivate: allowingPrivate
        case .loopback, .multicast, .unspecified: false
        }
    }

    /// RFC 6890 tells what each is for. An IPv6 form of IPv4 addresses (RFC 4291 section 2.5.5) is never in a packet.
    private static let refused: [(Refusal, AddressSet)] = [
        (.loopback, networks(("127.0.0.0", 8), ("::1", 128))),
        (.multicast, networks(("224.0.0.0", 4), ("255.255.255.255", 32), ("ff00::", 8))),
        (.unspecified, networks(("0.0.0.0", 8), ("::", 128), ("::ffff:0:0", 96))),
        (.isPrivate, SetsSection.localNetworks.union(networks(("100.64.0.0", 10)))),
    ]

    private static func networks(_ written: (String, Int)...) -> AddressSet {
        AddressSet(
            written.compactMap { text, length in
                IPAddress(text).flatMap { Prefix(of: $0, length: length) }
            }
        )
    }
}
