/// What a description of a packet can say, by its names, and how the values are read.
///
/// JSON and text share the keys; text has short names for some.
enum PacketKey: String, CaseIterable {
    case family, `protocol`, source, sourcePort, destination, destinationPort, icmpType, icmpCode, flags
    case `in`, out, state, mark, length, ttl, dscp, fragment, mac, user, group, time

    private static let shortNames = [
        "proto": "protocol", "type": "icmpType", "code": "icmpCode", "hoplimit": "ttl",
    ]

    init?(name: String) {
        self.init(rawValue: Self.shortNames[name] ?? name)
    }

    /// Sets what the key stands for to the value, given as text.
    func read(_ text: String, into packet: inout PacketDescription) throws(UnreadablePacket) {
        switch self {
        case .family:
            packet.family = try known(Self.families, text)
        case .protocol: packet.transportProtocol = try Self.transportProtocol(text)
        case .source: packet.source = try address(text)
        case .destination: packet.destination = try address(text)
        case .sourcePort: packet.sourcePort = try number(text)
        case .destinationPort: packet.destinationPort = try number(text)
        case .icmpType: packet.icmpType = try number(text)
        case .icmpCode: packet.icmpCode = try number(text)
        case .flags: packet.flags = try flags(text)
        case .in: packet.inputInterface = try interface(text)
        case .out: packet.outputInterface = try interface(text)
        case .state: packet.state = try known(Self.states, text)
        case .mark: packet.mark = try number(text)
        case .length: packet.length = try number(text)
        case .ttl: packet.hopLimit = try number(text)
        case .dscp:
            let value: UInt8 = try number(text)
            guard value < 64 else { throw UnreadablePacket("dscp is a number from 0 to 63") }
            packet.dscp = value
        case .fragment: packet.fragment = try known(Self.fragments, text)
        case .mac: packet.sourceMAC = try hardwareAddress(text)
        case .user: packet.user = try number(text)
        case .group: packet.group = try number(text)
        case .time: packet.time = try time(text)
        }
    }

    /// As a whole number, which saves the way over text.
    func read(_ value: UInt64, into packet: inout PacketDescription) throws(UnreadablePacket) {
        switch self {
        case .sourcePort: packet.sourcePort = try narrow(value)
        case .destinationPort: packet.destinationPort = try narrow(value)
        case .mark: packet.mark = try narrow(value)
        case .length: packet.length = try narrow(value)
        case .ttl: packet.hopLimit = try narrow(value)
        default: try read(String(value), into: &packet)
        }
    }

    static func transportProtocol(_ text: String) throws(UnreadablePacket) -> IPProtocol {
        if let known = protocols[text] ?? protocols[text.lowercased()] ?? UInt8(text).map(IPProtocol.init) {
            return known
        }
        throw UnreadablePacket("\(text) is not a protocol: write tcp, udp, icmp or a number")
    }

    private static let protocols: [String: IPProtocol] = {
        var known: [String: IPProtocol] = ["ipv6-icmp": .icmpv6, "icmp6": .icmpv6]
        for number in UInt8.min...UInt8.max {
            let name = IPProtocol(number: number).description
            if UInt8(name) == nil { known[name] = IPProtocol(number: number) }
        }
        return known
    }()

    private static let families: [String: IPFamily] = ["4": .ipv4, "ipv4": .ipv4, "6": .ipv6, "ipv6": .ipv6]

    private static let states: [String: ConnectionState] = [
        "new": .new, "established": .established, "related": .related, "invalid": .invalid,
        "untracked": .untracked,
    ]

    private static let fragments: [String: FragmentPart] = [
        "false": .whole, "no": .whole, "whole": .whole, "first": .first, "true": .later, "yes": .later,
        "later": .later,
    ]

    private func known<Value>(_ values: [String: Value], _ text: String) throws(UnreadablePacket) -> Value {
        if let value = values[text] ?? values[text.lowercased()] { return value }
        let names = values.keys.sorted().joined(separator: ", ")
        throw UnreadablePacket("\(text) is not a \(rawValue): write one of \(names)")
    }

    private func number<Value: FixedWidthInteger & UnsignedInteger>(_ text: String) throws(UnreadablePacket)
        -> Value
    {
        let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
        guard let value else { throw UnreadablePacket("\(text) is not a number") }
        return try narrow(value)
    }

    private func narrow<Value: FixedWidthInteger & UnsignedInteger>(_ value: UInt64) throws(UnreadablePacket)
        -> Value
    {
        guard let narrow = Value(exactly: value) else {
            throw UnreadablePacket("\(rawValue) is a number from 0 to \(Value.max)")
        }
        return narrow
    }

    private func address(_ text: String) throws(UnreadablePacket) -> IPAddress {
        guard let address = IPAddress(text) else { throw UnreadablePacket("\(text) is not an address") }
        return address
    }

    private func interface(_ text: String) throws(UnreadablePacket) -> String {
        guard !text.isEmpty, text.utf8.count <= InterfacePattern.longestName else {
            throw UnreadablePacket(
                "the name of an interface has 1 to \(InterfacePattern.longestName) bytes"
            )
        }
        return text
    }

    private func flags(_ text: String) throws(UnreadablePacket) -> TCPFlags {
        // What most packets have.
        if text == "syn" { return .syn }
        var flags: TCPFlags = []
        for name in text.lowercased().split(separator: ",") where name != "none" {
            if name == "all" {
                flags = .all
                continue
            }
            guard let known = TCPFlags.named.first(where: { $0.name == name }) else {
                let names = TCPFlags.named.map(\.name).joined(separator: ", ")
                throw UnreadablePacket("\(name) is not a flag of TCP: write some of \(names), or none")
            }
            flags.insert(known.flag)
        }
        return flags
    }

    private func hardwareAddress(_ text: String) throws(UnreadablePacket) -> UInt64 {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var value: UInt64 = 0
        for part in parts {
            guard parts.count == 6, (1...2).contains(part.utf8.count), let octet = UInt8(part, radix: 16)
            else {
                throw UnreadablePacket("\(text) is not a hardware address: write 02:00:00:00:00:01")
            }
            value = value << 8 | UInt64(octet)
        }
        return value
    }

    /// A date, or seconds with up to nine places, kept exactly.
    private func time(_ text: String) throws(UnreadablePacket) -> PacketTime {
        if let date = CalendarTime(text), date.seconds < 1 << 32 {
            return PacketTime(nanoseconds: date.seconds * 1_000_000_000, isDate: true)
        }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let places = parts.count == 2 ? String(parts[1]) : "0"
        guard let whole = UInt64(parts[0]), whole < 1 << 32, (1...9).contains(places.utf8.count),
            places.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let rest = UInt64(places + String(repeating: "0", count: 9 - places.utf8.count))
        else {
            throw UnreadablePacket("\(text) is not a time: write seconds, such as 1.5, or 2026-12-01T18:30")
        }
        return PacketTime(nanoseconds: whole * 1_000_000_000 + rest, isDate: false)
    }
}
