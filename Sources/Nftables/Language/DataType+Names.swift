extension DataType {
    /// The names of values, in the order in which nft knows them: the first of a value is the one that is written.
    var names: [(name: String, value: UInt64)] {
        switch self {
        case .protocolFamily: [("ipv4", 2), ("ipv6", 10)]
        case .etherType:
            [("ip", 0x0800), ("arp", 0x0806), ("ip6", 0x86DD), ("8021q", 0x8100), ("8021ad", 0x88A8)]
        case .arpOperation:
            [
                ("request", 1), ("reply", 2), ("rrequest", 3), ("rreply", 4), ("inrequest", 8),
                ("inreply", 9), ("nak", 10),
            ]
        case .transport:
            [
                ("icmp", 1), ("igmp", 2), ("tcp", 6), ("udp", 17), ("gre", 47), ("esp", 50), ("ah", 51),
                ("ipv6-icmp", 58), ("ospf", 89), ("vrrp", 112), ("sctp", 132), ("udplite", 136),
            ]
        case .icmpType:
            [
                ("echo-reply", 0), ("destination-unreachable", 3), ("source-quench", 4), ("redirect", 5),
                ("echo-request", 8), ("router-advertisement", 9), ("router-solicitation", 10),
                ("time-exceeded", 11), ("parameter-problem", 12), ("timestamp-request", 13),
                ("timestamp-reply", 14), ("info-request", 15), ("info-reply", 16),
                ("address-mask-request", 17), ("address-mask-reply", 18),
            ]
        case .tcpFlags:
            [
                ("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 0x10), ("urg", 0x20), ("ecn", 0x40),
                ("cwr", 0x80),
            ]
        case .dccpType:
            [
                ("request", 0), ("response", 1), ("data", 2), ("ack", 3), ("dataack", 4), ("closereq", 5),
                ("close", 6), ("reset", 7), ("sync", 8), ("syncack", 9),
            ]
        case .mobilityType:
            [
                ("binding-refresh-request", 0), ("home-test-init", 1), ("careof-test-init", 2),
                ("home-test", 3), ("careof-test", 4), ("binding-update", 5), ("binding-acknowledgement", 6),
                ("binding-error", 7), ("fast-binding-update", 8), ("fast-binding-acknowledgement", 9),
                ("fast-binding-advertisement", 10), ("experimental-mobility-header", 11),
                ("home-agent-switch-message", 12),
            ]
        case .hardwareType:
            [
                ("ether", 1), ("ppp", 512), ("ipip", 768), ("ipip6", 769), ("loopback", 772), ("sit", 776),
                ("ipgre", 778),
            ]
        case .trackState:
            [("invalid", 1), ("established", 2), ("related", 4), ("new", 8), ("untracked", 64)]
        case .trackDirection: [("original", 0), ("reply", 1)]
        case .trackStatus:
            [
                ("expected", 1), ("seen-reply", 2), ("assured", 4), ("confirmed", 8), ("snat", 16),
                ("dnat", 32), ("dying", 512),
            ]
        case .trackEvent:
            [
                ("new", 1), ("related", 2), ("destroy", 4), ("reply", 8), ("assured", 16), ("protoinfo", 32),
                ("helper", 64), ("mark", 128), ("seqadj", 256), ("secmark", 512), ("label", 1024),
            ]
        case .packetType: [("host", 0), ("broadcast", 1), ("multicast", 2), ("other", 3)]
        case .icmpv6Type:
            [
                ("destination-unreachable", 1), ("packet-too-big", 2), ("time-exceeded", 3),
                ("parameter-problem", 4), ("echo-request", 128), ("echo-reply", 129),
                ("mld-listener-query", 130), ("mld-listener-report", 131), ("mld-listener-done", 132),
                ("nd-router-solicit", 133), ("nd-router-advert", 134), ("nd-neighbor-solicit", 135),
                ("nd-neighbor-advert", 136), ("nd-redirect", 137), ("router-renumbering", 138),
                ("ind-neighbor-solicit", 141), ("ind-neighbor-advert", 142), ("mld2-listener-report", 143),
            ]
        case .icmpCode:
            [
                ("net-unreachable", 0), ("host-unreachable", 1), ("prot-unreachable", 2),
                ("port-unreachable", 3), ("frag-needed", 4), ("net-prohibited", 9), ("host-prohibited", 10),
                ("admin-prohibited", 13),
            ]
        case .icmpv6Code:
            [
                ("no-route", 0), ("admin-prohibited", 1), ("addr-unreachable", 3), ("port-unreachable", 4),
                ("policy-fail", 5), ("reject-route", 6),
            ]
        case .icmpxCode:
            [("no-route", 0), ("port-unreachable", 1), ("host-unreachable", 2), ("admin-prohibited", 3)]
        case .dscp:
            [
                ("cs0", 0), ("cs1", 8), ("cs2", 16), ("cs3", 24), ("cs4", 32), ("cs5", 40), ("cs6", 48),
                ("cs7", 56), ("lephb", 1), ("af11", 10), ("af12", 12), ("af13", 14), ("af21", 18),
                ("af22", 20), ("af23", 22), ("af31", 26), ("af32", 28), ("af33", 30), ("af41", 34),
                ("af42", 36), ("af43", 38), ("va", 44), ("ef", 46),
            ]
        case .ecn: [("not-ect", 0), ("ect1", 1), ("ect0", 2), ("ce", 3)]
        case .addressType:
            [
                ("unspec", 0), ("unicast", 1), ("local", 2), ("broadcast", 3), ("anycast", 4),
                ("multicast", 5), ("blackhole", 6), ("unreachable", 7), ("prohibit", 8),
            ]
        case .igmpType:
            [
                ("membership-query", 17), ("membership-report-v1", 18), ("membership-report-v2", 22),
                ("leave-group", 23), ("membership-report-v3", 34),
            ]
        case .day:
            [
                ("\"Sunday\"", 0), ("\"Monday\"", 1), ("\"Tuesday\"", 2), ("\"Wednesday\"", 3),
                ("\"Thursday\"", 4), ("\"Friday\"", 5), ("\"Saturday\"", 6),
            ]
        default: []
        }
    }

    func name(of value: UInt64) -> String? { names.first { $0.value == value }?.name }
}
