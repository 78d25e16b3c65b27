/// A part of a header that nft knows by name: `tcp dport` (nft(8), "PAYLOAD EXPRESSIONS").
struct HeaderField: Hashable, Sendable {
    /// What is written: `ip saddr`, `arp saddr ether`.
    let text: String
    let header: Header
    /// In bits from the beginning of the header.
    let offset: Int
    /// In bits.
    let width: Int
    let type: DataType
    /// The types of an ICMP message that have this field; empty for a field of all of them.
    let messages: [UInt8]

    init(
        _ name: String,
        _ offset: Int,
        _ width: Int,
        _ type: DataType = .integer,
        of header: Header,
        messages: [UInt8] = []
    ) {
        text = "\(header.rawValue) \(name)"
        (self.header, self.offset, self.width, self.type, self.messages) = (
            header, offset, width, type, messages
        )
    }
}

/// The headers that nft knows.
enum Header: String, CaseIterable, Sendable {
    case ether, vlan
    case ip, ip6, arp
    case tcp, udp, udplite, dccp, sctp, ah, esp, comp, icmp, icmpv6, igmp
    /// Ports of whatever transport it is.
    case th

    /// Where the kernel counts from (linux/netfilter/nf_tables.h, `nft_payload_bases`).
    var base: UInt32 {
        switch self {
        case .ether, .vlan: 0
        case .ip, .ip6, .arp: 1
        case .tcp, .udp, .udplite, .dccp, .sctp, .ah, .esp, .comp, .icmp, .icmpv6, .igmp, .th: 2
        }
    }

    /// In bits: where it begins behind the base.
    var start: Int { self == .vlan ? 112 : 0 }

    /// The number of the protocol in the header below it.
    var transport: UInt64? {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .udplite: 136
        case .dccp: 33
        case .sctp: 132
        case .ah: 51
        case .esp: 50
        case .comp: 108
        case .icmp: 1
        case .icmpv6: 58
        case .igmp: 2
        case .ether, .vlan, .ip, .ip6, .arp, .th: nil
        }
    }

    var etherType: UInt64? {
        switch self {
        case .ip: 0x0800
        case .ip6: 0x86DD
        case .arp: 0x0806
        case .vlan: 0x8100
        default: nil
        }
    }

    static func transport(_ number: UInt64) -> Header? { allCases.first { $0.transport == number } }

    static func network(etherType number: UInt64) -> Header? {
        [.ip, .ip6, .arp].first { $0.etherType == number }
    }

    static func network(family number: UInt64) -> Header? {
        switch number {
        case 2: .ip
        case 10: .ip6
        default: nil
        }
    }
}
