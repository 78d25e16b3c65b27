extension ICMPType {
    struct Code {
        let number: UInt8
        /// The first is the one that nft or iptables prints; the others are read too.
        let names: [String]

        init(_ number: UInt8, _ names: String...) {
            self.number = number
            self.names = names
        }
    }

    struct Entry {
        let number: UInt8
        let names: [String]
        let codes: [Code]

        init(_ number: UInt8, _ names: String..., codes: [Code] = []) {
            self.number = number
            self.names = names
            self.codes = codes
        }
    }

    /// ICMP: RFC 792, RFC 950, RFC 1122, RFC 1256, RFC 1812.
    static let version4: [Entry] = [
        Entry(0, "echo-reply", "pong"),
        Entry(
            3,
            "destination-unreachable",
            codes: [
                Code(0, "network-unreachable", "net-unreachable"),
                Code(1, "host-unreachable"),
                Code(2, "protocol-unreachable", "prot-unreachable"),
                Code(3, "port-unreachable"),
                Code(4, "fragmentation-needed", "frag-needed"),
                Code(5, "source-route-failed"),
                Code(6, "network-unknown"),
                Code(7, "host-unknown"),
                Code(9, "network-prohibited", "net-prohibited"),
                Code(10, "host-prohibited"),
                Code(11, "tos-network-unreachable"),
                Code(12, "tos-host-unreachable"),
                Code(13, "communication-prohibited", "admin-prohibited"),
                Code(14, "host-precedence-violation"),
                Code(15, "precedence-cutoff"),
            ]
        ),
        Entry(4, "source-quench"),
        Entry(
            5,
            "redirect",
            codes: [
                Code(0, "network-redirect"),
                Code(1, "host-redirect"),
                Code(2, "tos-network-redirect"),
                Code(3, "tos-host-redirect"),
            ]
        ),
        Entry(8, "echo-request", "ping"),
        Entry(9, "router-advertisement"),
        Entry(10, "router-solicitation"),
        Entry(
            11,
            "time-exceeded",
            "ttl-exceeded",
            codes: [Code(0, "ttl-zero-during-transit"), Code(1, "ttl-zero-during-reassembly")]
        ),
        Entry(
            12,
            "parameter-problem",
            codes: [Code(0, "ip-header-bad"), Code(1, "required-option-missing")]
        ),
        Entry(13, "timestamp-request"),
        Entry(14, "timestamp-reply"),
        Entry(15, "info-request"),
        Entry(16, "info-reply"),
        Entry(17, "address-mask-request"),
        Entry(18, "address-mask-reply"),
    ]

    /// ICMPv6: RFC 4443, RFC 4861, RFC 2710, RFC 3810, RFC 2894, RFC 3122, RFC 7112.
    static let version6: [Entry] = [
        Entry(
            1,
            "destination-unreachable",
            codes: [
                Code(0, "no-route"),
                Code(1, "communication-prohibited", "admin-prohibited"),
                Code(2, "beyond-scope"),
                Code(3, "address-unreachable", "addr-unreachable"),
                Code(4, "port-unreachable"),
                Code(5, "failed-policy", "policy-fail"),
                Code(6, "reject-route"),
            ]
        ),
        Entry(2, "packet-too-big"),
        Entry(
            3,
            "time-exceeded",
            "ttl-exceeded",
            codes: [Code(0, "ttl-zero-during-transit"), Code(1, "ttl-zero-during-reassembly")]
        ),
        Entry(
            4,
            "parameter-problem",
            codes: [Code(0, "bad-header"), Code(1, "unknown-header-type"), Code(2, "unknown-option")]
        ),
        Entry(128, "echo-request", "ping"),
        Entry(129, "echo-reply", "pong"),
        Entry(130, "mld-listener-query"),
        Entry(131, "mld-listener-report"),
        Entry(132, "mld-listener-done", "mld-listener-reduction"),
        Entry(133, "router-solicitation", "nd-router-solicit"),
        Entry(134, "router-advertisement", "nd-router-advert"),
        Entry(135, "neighbour-solicitation", "neighbor-solicitation", "nd-neighbor-solicit"),
        Entry(136, "neighbour-advertisement", "neighbor-advertisement", "nd-neighbor-advert"),
        Entry(137, "redirect", "nd-redirect"),
        Entry(138, "router-renumbering"),
        Entry(141, "ind-neighbor-solicit"),
        Entry(142, "ind-neighbor-advert"),
        Entry(143, "mld2-listener-report"),
    ]
}
