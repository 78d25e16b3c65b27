import PacketModel

/// Tables of nftables by the names that nft gives them, whoever keeps them: `inet filter`.
package enum NamedTables {
    /// NFPROTO_… by the words of nft(8) (linux/netfilter.h).
    static let families: [Substring: UInt8] = [
        "inet": 1, "ip": 2, "arp": 3, "netdev": 5, "bridge": 7, "ip6": 10,
    ]

    /// What the kernel holds of them. What packets put into sets, and what ends by itself, is no part of it.
    package static func listing(of names: [String], in namespace: NetworkNamespace?) async throws
        -> FirewallListing
    {
        try await NetworkNamespace.run(in: namespace) {
            var listing = FirewallListing()
            for name in names {
                let words = name.split(separator: " ", maxSplits: 1)
                guard let family = words.first.flatMap({ families[$0] }), let table = words.last else {
                    continue
                }
                let read = try NftablesListing.read(table: String(table), family: family, withTimed: false)
                listing.parts += read.parts.map { $0.named("\($0.name) of table \(name)") }
            }
            return listing
        }
    }
}

extension FirewallListing.Part {
    fileprivate func named(_ name: String) -> Self {
        var part = self
        part.name = name
        return part
    }
}
