import Netfilter
import PacketModel

extension Field {
    /// The expression that reads the field (nft(8), "PRIMARY EXPRESSIONS", "PAYLOAD EXPRESSIONS").
    ///
    /// The family says which header addresses and ICMP types are read from.
    func expression(in family: IPFamily?) -> String {
        let header = family == .ipv6 ? "ip6" : "ip"
        let icmp = family == .ipv6 ? "icmpv6" : "icmp"
        return switch self {
        case .inputInterface: "iifname"
        case .outputInterface: "oifname"
        case .family: "meta nfproto"
        case .transportProtocol: "meta l4proto"
        case .source: "\(header) saddr"
        case .destination: "\(header) daddr"
        case .sourcePort: "th sport"
        case .destinationPort: "th dport"
        case .icmpTypeAndCode: "\(icmp) type . \(icmp) code"
        case .tcpFlags: "tcp flags"
        case .hopLimit: family == .ipv6 ? "ip6 hoplimit" : "ip ttl"
        case .connectionState: "ct state"
        case .connectionStatus: "ct status"
        case .connectionDirection: "ct direction"
        case .originalDestinationPort: "ct original proto-dst"
        case .originalDestination: "ct original \(header) daddr"
        case .sourceType: "fib saddr type"
        case .destinationType: "fib daddr type"
        case .sourceRoute: "fib saddr . iif oif"
        case .destinationTypeHere: "fib daddr . iif type"
        case .user: "meta skuid"
        case .group: "meta skgid"
        // Days of months nft has not by themselves.
        case .time, .monthDay: "meta time"
        case .timeOfDay: "meta hour"
        case .weekDay: "meta day"
        case .mark: "meta mark"
        case .connectionMark: "ct mark"
        case .length: family == .ipv6 ? "ip6 length" : "ip length"
        case .dscp: "\(header) dscp"
        case .ecn: "\(header) ecn"
        case .fragment: family == .ipv6 ? "frag frag-off" : "ip frag-off"
        case .sourceMAC: "ether saddr"
        case .frameType: "meta pkttype"
        case .connectionProtocol: "ct original protocol"
        case .originalSource: "ct original \(header) saddr"
        case .originalSourcePort: "ct original proto-src"
        case .replySource: "ct reply \(header) saddr"
        case .replyDestination: "ct reply \(header) daddr"
        case .replySourcePort: "ct reply proto-src"
        case .replyDestinationPort: "ct reply proto-dst"
        }
    }

    /// The data type of the field in a set (nft(8), "DATA TYPES").
    func type(in family: IPFamily?) -> String {
        let icmp = family == .ipv6 ? "icmpv6" : "icmp"
        return switch self {
        case .inputInterface, .outputInterface: "ifname"
        case .family: "nf_proto"
        case .transportProtocol, .connectionProtocol: "inet_proto"
        case .source, .destination, .originalSource, .originalDestination, .replySource, .replyDestination:
            family == .ipv6 ? "ipv6_addr" : "ipv4_addr"
        case .sourcePort, .destinationPort, .originalSourcePort, .originalDestinationPort, .replySourcePort,
            .replyDestinationPort:
            "inet_service"
        case .icmpTypeAndCode: "\(icmp)_type . \(icmp)_code"
        case .tcpFlags: "tcp_flag"
        case .hopLimit, .length, .ecn, .fragment: "integer"
        case .connectionState: "ct_state"
        case .connectionStatus: "ct_status"
        case .connectionDirection: "ct_dir"
        case .sourceType, .destinationType, .destinationTypeHere: "fib_addrtype"
        case .sourceRoute: "boolean"
        case .user: "uid"
        case .group: "gid"
        case .time, .monthDay: "time"
        case .timeOfDay: "hour"
        case .weekDay: "day"
        case .mark, .connectionMark: "mark"
        case .dscp: "dscp"
        case .sourceMAC: "ether_addr"
        case .frameType: "pkt_type"
        }
    }

    /// A value of the field, by its name where nft has one that needs no file to look it up.
    func text(_ value: UInt128, in family: IPFamily?) -> String {
        switch self {
        case .family: value == 6 ? "ipv6" : "ipv4"
        case .transportProtocol, .connectionProtocol:
            IPProtocol(number: UInt8(truncatingIfNeeded: value)).description
        case .source, .destination, .originalSource, .originalDestination, .replySource, .replyDestination:
            IPAddress(family: family ?? .ipv4, value: value).description
        case .connectionState: ConnectionState(rawValue: UInt8(truncatingIfNeeded: value))?.text ?? "\(value)"
        case .connectionDirection: value == 0 ? "original" : "reply"
        case .sourceRoute: value == 0 ? "missing" : "exists"
        case .sourceType, .destinationType, .destinationTypeHere:
            AddressType(rawValue: UInt8(truncatingIfNeeded: value))?.text ?? "\(value)"
        case .frameType: FrameType(rawValue: UInt8(truncatingIfNeeded: value))?.text ?? "\(value)"
        case .sourceMAC: Self.hardwareAddress(value)
        case .tcpFlags: TCPFlags(rawValue: UInt8(truncatingIfNeeded: value)).text
        case .connectionStatus: ConnectionStatus(rawValue: UInt32(truncatingIfNeeded: value)).text
        case .inputInterface, .outputInterface, .sourcePort, .destinationPort, .icmpTypeAndCode, .hopLimit,
            .originalSourcePort, .originalDestinationPort, .replySourcePort, .replyDestinationPort, .user,
            .group, .time, .timeOfDay, .weekDay, .monthDay, .mark, .connectionMark, .length, .dscp, .ecn,
            .fragment:
            "\(value)"
        }
    }

    private static func hardwareAddress(_ value: UInt128) -> String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let byte = String(UInt8(truncatingIfNeeded: value >> UInt128(shift)), radix: 16)
            return byte.utf8.count == 1 ? "0" + byte : byte
        }
        .joined(separator: ":")
    }

    /// The values of an interval: one, a prefix, or a range.
    func text(_ interval: Interval<UInt128>, in family: IPFamily?) -> String {
        if self == .icmpTypeAndCode { return Self.typesAndCodes(interval) }
        if interval.isSingle { return text(interval.lower, in: family) }
        if isAddress, let prefix = interval.prefix(in: family ?? .ipv4) {
            return prefix.description
        }
        return "\(text(interval.lower, in: family))-\(text(interval.upper, in: family))"
    }

    /// `3 . 4`, `8 . 0-255`: the interval must be codes of one type, or whole types.
    private static func typesAndCodes(_ interval: Interval<UInt128>) -> String {
        func range(_ lower: UInt128, _ upper: UInt128) -> String {
            lower == upper ? "\(lower)" : "\(lower)-\(upper)"
        }
        let types = range(interval.lower >> 8, interval.upper >> 8)
        let codes = range(interval.lower & 0xFF, interval.upper & 0xFF)
        return "\(types) . \(codes)"
    }
}

extension ConnectionState {
    fileprivate var text: String {
        switch self {
        case .invalid: "invalid"
        case .new: "new"
        case .established: "established"
        case .related: "related"
        case .untracked: "untracked"
        }
    }
}

extension AddressType {
    /// As nft has it (nft(8), "FIB EXPRESSIONS").
    fileprivate var text: String {
        switch self {
        case .unspecified: "unspec"
        case .unicast: "unicast"
        case .local: "local"
        case .broadcast: "broadcast"
        case .anycast: "anycast"
        case .multicast: "multicast"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibited: "prohibit"
        case .throw: "throw"
        case .nat: "nat"
        case .external: "xresolve"
        }
    }
}

extension FrameType {
    fileprivate var text: String {
        switch self {
        case .host: "host"
        case .broadcast: "broadcast"
        case .multicast: "multicast"
        case .otherHost: "other"
        }
    }
}

extension ConnectionStatus {
    fileprivate var text: String {
        let names: [(ConnectionStatus, String)] = [
            (.expected, "expected"), (.sourceNAT, "snat"), (.destinationNAT, "dnat"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: " | ")
    }
}

extension TCPFlags {
    fileprivate var text: String {
        isEmpty ? "0x0" : names.joined(separator: " | ")
    }
}
