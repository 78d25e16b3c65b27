extension Header {
    /// The fields by their places; where two begin at one place, the one that is written first.
    var fields: [HeaderField] {
        func field(
            _ name: String,
            _ offset: Int,
            _ width: Int,
            _ type: DataType = .integer,
            messages: [UInt8] = []
        ) -> HeaderField {
            HeaderField(name, offset + start, width, type, of: self, messages: messages)
        }
        let ports = [field("sport", 0, 16, .port), field("dport", 16, 16, .port)]
        switch self {
        case .ether:
            return [
                field("daddr", 0, 48, .ether), field("saddr", 48, 48, .ether),
                field("type", 96, 16, .etherType),
            ]
        case .vlan:
            return [
                field("pcp", 0, 3), field("dei", 3, 1), field("id", 4, 12), field("type", 16, 16, .etherType),
            ]
        case .ip:
            return [
                field("version", 0, 4), field("hdrlength", 4, 4), field("dscp", 8, 6, .dscp),
                field("ecn", 14, 2, .ecn), field("length", 16, 16), field("id", 32, 16),
                field("frag-off", 48, 16),
                field("ttl", 64, 8), field("protocol", 72, 8, .transport), field("checksum", 80, 16),
                field("saddr", 96, 32, .ipv4), field("daddr", 128, 32, .ipv4),
            ]
        case .ip6:
            return [
                field("version", 0, 4), field("dscp", 4, 6, .dscp), field("ecn", 10, 2, .ecn),
                field("flowlabel", 12, 20), field("length", 32, 16), field("nexthdr", 48, 8, .transport),
                field("hoplimit", 56, 8), field("saddr", 64, 128, .ipv6), field("daddr", 192, 128, .ipv6),
            ]
        case .arp:
            return [
                field("htype", 0, 16), field("ptype", 16, 16, .etherType), field("hlen", 32, 8),
                field("plen", 40, 8), field("operation", 48, 16, .arpOperation),
                field("saddr ether", 64, 48, .ether), field("saddr ip", 112, 32, .ipv4),
                field("daddr ether", 144, 48, .ether), field("daddr ip", 192, 32, .ipv4),
            ]
        case .tcp:
            return ports + [
                field("sequence", 32, 32), field("ackseq", 64, 32), field("doff", 96, 4),
                field("reserved", 100, 4), field("flags", 104, 8, .tcpFlags), field("window", 112, 16),
                field("checksum", 128, 16), field("urgptr", 144, 16),
            ]
        case .udp: return ports + [field("length", 32, 16), field("checksum", 48, 16)]
        case .udplite: return ports + [field("csumcov", 32, 16), field("checksum", 48, 16)]
        case .dccp: return ports + [field("type", 67, 4, .dccpType)]
        case .sctp: return ports + [field("vtag", 32, 32), field("checksum", 64, 32)]
        case .th: return ports
        case .ah:
            return [
                field("nexthdr", 0, 8, .transport), field("hdrlength", 8, 8), field("reserved", 16, 16),
                field("spi", 32, 32), field("sequence", 64, 32),
            ]
        case .esp: return [field("spi", 0, 32), field("sequence", 32, 32)]
        case .comp: return [field("nexthdr", 0, 8, .transport), field("flags", 8, 8), field("cpi", 16, 16)]
        case .icmp:
            return [
                field("type", 0, 8, .icmpType), field("code", 8, 8, .icmpCode), field("checksum", 16, 16),
                field("id", 32, 16, messages: [8, 0]), field("sequence", 48, 16, messages: [8, 0]),
                field("gateway", 32, 32, messages: [5]), field("mtu", 48, 16, messages: [3]),
            ]
        case .icmpv6:
            return [
                field("type", 0, 8, .icmpv6Type), field("code", 8, 8, .icmpv6Code), field("checksum", 16, 16),
                field("parameter-problem", 32, 32, messages: [4]), field("mtu", 32, 32, messages: [2]),
                field("id", 32, 16, messages: [128, 129]), field("sequence", 48, 16, messages: [128, 129]),
                field("max-delay", 32, 16, messages: [130]),
            ]
        case .igmp:
            return [
                field("type", 0, 8, .igmpType), field("mrt", 8, 8), field("checksum", 16, 16),
                field("group", 32, 32),
            ]
        }
    }
}
