import Diagnostics
import PacketModel

/// The addresses of an element, as ipset reads them.
enum IpsetAddress {
    static func mask(_ length: Int, _ width: Int) -> UInt128 {
        let all = width == 128 ? UInt128.max : (1 << UInt128(width)) - 1
        return length == 0 ? 0 : all << UInt128(width - length) & all
    }

    /// A single address, or the name of a host.
    static func single(_ text: some StringProtocol, _ family: IPFamily, _ names: NameDatabase) throws(Refusal)
        -> UInt128
    {
        var name = String(text)
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if let address = IPAddress(name) {
            guard address.family == family else {
                let other = family == .ipv4 ? "inet6" : "inet"
                throw Refusal("ipset.family", "\(name) is of the family \(other), which the set has not")
            }
            return address.value
        }
        if family == .ipv4, let value = parts(name) { return UInt128(value) }
        if let address = names.addresses(ofHost: name, family).first { return address.value }
        if mayBeName(name) {
            throw Refusal("ipset.open", "\(name) is looked up by the host that runs the command")
        }
        throw Refusal("ipset.address", "\(name) is no address of the family of the set")
    }

    /// Something that DNS may know.
    private static func mayBeName(_ name: String) -> Bool {
        name.contains { $0.isLetter && $0.isASCII } && !name.contains(":") && !name.hasSuffix(".invalid")
            && !name.lowercased().hasPrefix("0x")
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    }

    /// `1.2.3` and `010.1.2.3`: the last number fills what is left, and a zero in front makes it octal (inet_aton(3)).
    private static func parts(_ text: String) -> UInt32? {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(words.count) else { return nil }
        var value: UInt64 = 0
        for (place, word) in words.enumerated() {
            guard !word.isEmpty, word.allSatisfy({ $0.isASCII && $0.isNumber }),
                let number = UInt64(word, radix: word.hasPrefix("0") && word.count > 1 ? 8 : 10)
            else { return nil }
            let isLast = place + 1 == words.count
            let most: UInt64 = isLast ? (1 << UInt64(8 * (4 - place))) - 1 : 255
            guard number <= most else { return nil }
            value |= isLast ? number : number << UInt64(8 * (3 - place))
        }
        return UInt32(value)
    }

    /// `ADDRESS/LENGTH`
    static func prefix(_ text: some StringProtocol, _ family: IPFamily, _ names: NameDatabase) throws(Refusal)
        -> (
            address: UInt128, length: Int
        )
    {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            return (try single(text, family, names), family.addressWidth)
        }
        let length = Int(try IpsetNumber.read(parts[1], in: 0...UInt64(family.addressWidth)))
        return (try single(parts[0], family, names), length)
    }

    /// An address, a prefix, or a range of IPv4.
    static func span(_ text: String, _ family: IPFamily, _ names: NameDatabase) throws(Refusal) -> IpsetSpan {
        if family == .ipv4, !text.contains("/"), !text.hasPrefix("["), let dash = text.firstIndex(of: "-"),
            let first = try? single(text[..<dash], family, names),
            let last = try? single(text[text.index(after: dash)...], family, names)
        {
            return IpsetSpan(first: first, last: last, length: family.addressWidth, isRange: true)
        }
        let (address, length) = try prefix(text, family, names)
        return IpsetSpan(first: address, last: address, length: length, isRange: false)
    }

    /// From the smaller end to the larger one.
    static func range(_ text: String, _ family: IPFamily, _ names: NameDatabase) throws(Refusal)
        -> ClosedRange<UInt128>
    {
        let span = try span(text, family, names)
        if span.isRange { return min(span.first, span.last)...max(span.first, span.last) }
        let mask = mask(span.length, family.addressWidth)
        let all = self.mask(family.addressWidth, family.addressWidth)
        return (span.first & mask)...(span.first & mask | (all & ~mask))
    }
}

/// Addresses as they are written.
struct IpsetSpan {
    var first: UInt128
    var last: UInt128
    /// Of a prefix.
    var length: Int
    var isRange: Bool
}

/// A port of an element, with its protocol.
struct IpsetPort {
    var transport: UInt8
    var ports: ClosedRange<UInt16>

    /// `80`, `tcp:80-90`, `icmp:8/0`, `gre:0`
    init(_ text: String, _ family: IPFamily, _ names: NameDatabase) throws(Refusal) {
        guard let colon = text.firstIndex(of: ":") else {
            transport = IPProtocol.tcp.number
            ports = try Self.range(text[...], IPProtocol.tcp.number, names)
            return
        }
        let name = String(text[..<colon])
        guard let number = Self.protocolNumber(name, names) else {
            throw Refusal("ipset.protocol", "\(name) is no protocol")
        }
        let rest = text[text.index(after: colon)...]
        transport = number
        switch IPProtocol(number: number) {
        case .icmp, .icmpv6:
            guard (number == IPProtocol.icmp.number) == (family == .ipv4) else {
                throw Refusal("ipset.protocol", "\(name) is not for the family of the set")
            }
            let code = try Self.typeAndCode(rest, family)
            ports = code...code
        case let other where IpsetType.portProtocols.contains(other):
            ports = try Self.range(rest, number, names)
        default:
            guard number != 0 else { throw Refusal("ipset.protocol", "an element of \(name) is not taken") }
            guard let zero = try? IpsetNumber.read(rest, in: 0...0) else {
                throw Refusal("ipset.port", "with \(name) the port is 0")
            }
            ports = UInt16(zero)...UInt16(zero)
        }
    }

    /// By the file of the host, which has names in small and in capital letters.
    private static func protocolNumber(_ name: String, _ names: NameDatabase) -> UInt8? {
        if name.lowercased() == "icmpv6" { return IPProtocol.icmpv6.number }
        if let number = UInt8(name) ?? names.listedProtocol(name) { return number }
        return ["tcp", "udp", "sctp", "udplite", "icmp", "esp", "ah"].contains(name)
            ? names.protocolNumber(name) : nil
    }

    private static func range(_ text: Substring, _ transport: UInt8, _ names: NameDatabase) throws(Refusal)
        -> ClosedRange<UInt16>
    {
        if !text.hasPrefix("["), !text.hasPrefix("-"), let dash = text.firstIndex(of: "-") {
            let first = try port(text[..<dash], transport, names)
            let last = try port(text[text.index(after: dash)...], transport, names)
            return min(first, last)...max(first, last)
        }
        let only = try port(text, transport, names)
        return only...only
    }

    private static func port(_ text: Substring, _ transport: UInt8, _ names: NameDatabase) throws(Refusal)
        -> UInt16
    {
        var name = String(text)
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if let port = names.port(
            name,
            of: names.listedProtocolName(transport) ?? names.protocolName(transport)
        ) {
            return port
        }
        return UInt16(try IpsetNumber.read(name, in: 0...65_535))
    }

    /// Of a set of ports alone, in which the protocol says nothing.
    static func plainRange(_ text: String, _ names: NameDatabase) throws(Refusal) -> ClosedRange<UInt16> {
        guard let colon = text.firstIndex(of: ":") else {
            return try range(text[...], IPProtocol.tcp.number, names)
        }
        let name = String(text[..<colon])
        guard let number = UInt8(name) ?? names.protocolNumber(name),
            number == IPProtocol.tcp.number || number == IPProtocol.udp.number
        else { throw Refusal("ipset.protocol", "a set of ports knows tcp and udp, not \(name)") }
        return try range(text[text.index(after: colon)...], number, names)
    }

    static func plain(_ text: String, _ names: NameDatabase) throws(Refusal) -> UInt16 {
        try port(text[...], IPProtocol.tcp.number, names)
    }

    private static func typeAndCode(_ text: Substring, _ family: IPFamily) throws(Refusal) -> UInt16 {
        if let named = IpsetICMPNames.value(of: String(text), family) { return named }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Refusal("ipset.icmp", "\(text) is no type and code, as 8/0 is") }
        let type = try IpsetNumber.read(parts[0], in: 0...255)
        let code = try IpsetNumber.read(parts[1], in: 0...255)
        return UInt16(type << 8 | code)
    }
}
