import PacketModel

extension ValueSyntax {
    /// `FIRST-LAST`, or one address; a range that is backwards is taken.
    static let addressRange = ValueSyntax(
        samples: [
            "1.1.1.1-2.2.2.2", "1.1.1.1", "2.2.2.2-1.1.1.1", "1.1.1-1.1.2", "1-2", "1.1.1.1-", "-1.1.1.1",
            "1.1.1.1/8",
            "0x1.1.1.1", "256.1.1.1", "fe80::1-fe80::2", "::1", "::2-::1", "::1-", "::/0", "x", "",
        ],
        read: { words, context throws(Refusal) in
            let bytes = words[0].bytes[...]
            let dash = bytes.firstIndex(of: Ascii.dash)
            let (first, last) = (dash.map { bytes[..<$0] } ?? bytes, dash.map { bytes[($0 + 1)...] } ?? bytes)
            guard let low = AddressText.address(first, context.family) else {
                throw AddressText.unreadable(first, context.family)
            }
            guard let high = AddressText.address(last, context.family) else {
                throw AddressText.unreadable(last, context.family)
            }
            return .addressRange(low, high)
        },
        write: { value in
            guard case .addressRange(let low, let high) = value else { return [] }
            return Array("\(low)-\(high)".utf8)
        }
    )

    /// An address with a mask whose host bits are kept; a mask with holes is not printed before 1.8.11.
    static let looseNetwork = ValueSyntax(
        samples: [
            "1.2.3.4", "1.2.3.4/24", "1.2.3.4/255.255.0.0", "1.2.3.4/255.0.255.0", "1.2.3.4/0", "1.2.3.4/32",
            "1.2.3.4/33",
            "1.2.3.4/", "1.1.1.1,2.2.2.2", "1.2", "0x7f000001", "1.2.3.4/255.255", "fe80::1", "fe80::1/64",
            "fe80::1/ffff::", "::/0", "::1/128",
            "::1/129", "",
        ],
        read: { words, context throws(Refusal) in
            let bytes = words[0].bytes[...]
            let slash = bytes.firstIndex(of: Ascii.slash)
            let text = slash.map { bytes[..<$0] } ?? bytes
            let address = try AddressText.host(text, context)
            guard let slash else { return .network(address, mask: context.family.lastAddress) }
            let rest = bytes[(slash + 1)...]
            if let length = NumberText.whole(rest, in: 0...UInt64(context.family.addressWidth)) {
                return .network(address, mask: AddressText.mask(length: Int(length), context.family))
            }
            guard let mask = AddressText.resolved(rest, context.family) else {
                throw Refusal(
                    "address.mask",
                    "the mask is neither a length nor a mask of \(context.family.title)"
                )
            }
            return .network(address, mask: mask.value)
        },
        write: { value in
            guard case .network(let address, let mask) = value else { return [] }
            guard mask != address.family.lastAddress,
                let length = AddressText.length(of: mask, address.family)
            else { return Array("\(address)".utf8) }
            return Array("\(address)/\(length)".utf8)
        }
    ).printed(since: .v1_8_11, wholeNetwork)

    /// With a mask with holes written out.
    private static func wholeNetwork(_ value: OptionValue) -> [UInt8] {
        guard case .network(let address, let mask) = value else { return [] }
        if mask == address.family.lastAddress { return Array("\(address)".utf8) }
        return Array(AddressText.network(address, mask: mask).utf8)
    }

    /// The length of a prefix, or a mask.
    ///
    /// - Parameter holesAreFilled: a mask with holes is one of all bits, since 1.8.11 of those before the first hole;
    ///   else it is refused.
    static func prefixLength(holesAreFilled: Bool = false) -> ValueSyntax {
        ValueSyntax(
            samples: [
                "24", "32", "0", "33", "64", "128", "129", "255.255.255.0", "255.0.255.0", "ffff:ffff::",
                "ffff::1",
                "0x10", "4294967040", "4294967295", "-1", "x", "",
            ],
            read: { words, context throws(Refusal) in
                let bytes = words[0].bytes[...]
                let width = UInt64(context.family.addressWidth)
                if let length = NumberText.whole(bytes, in: 0...width) { return .number(length) }
                if let mask = AddressText.resolved(bytes, context.family) {
                    if let length = AddressText.length(of: mask.value, context.family) {
                        return .number(UInt64(length))
                    }
                    if holesAreFilled, context.release < .v1_8_11 { return .number(width) }
                    if holesAreFilled {
                        let unused = 128 - context.family.addressWidth
                        let ones = (~(mask.value << UInt128(unused))).leadingZeroBitCount
                        return .number(UInt64(ones))
                    }
                }
                throw Refusal("address.mask", "\(words[0].text) is neither a length to \(width) nor a mask")
            },
            write: { Array("\($0.number)".utf8) }
        )
    }

    /// One address.
    static let address = ValueSyntax(
        samples: [
            "192.0.2.1", "2001:db8::1", "0.0.0.0", "::", "1.2", "0x7f000001", "192.0.2.1/32",
            "192.0.2.1,192.0.2.2", "x", "",
        ],
        read: { words, context throws(Refusal) in
            let address = try AddressText.host(words[0].bytes[...], context)
            return .addressRange(address, address)
        },
        write: { value in
            guard case .addressRange(let address, _) = value else { return [] }
            return Array("\(address)".utf8)
        }
    )

    /// A protocol by number or name, printed as its number.
    static let protocolNumber = ValueSyntax(
        samples: ["tcp", "6", "0", "255", "256", "icmp", "TCP", "nosuch", "0x11", ""],
        read: { words, context throws(Refusal) in
            if let number = NumberText.whole(words[0].bytes[...], in: 0...255) { return .number(number) }
            guard let number = context.names.protocolNumber(words[0].text) else {
                throw Refusal("rule.protocol.unknown", "\(words[0].text) is not a protocol")
            }
            return .number(UInt64(number))
        },
        write: { Array("\($0.number)".utf8) }
    )

    /// Up to two characters, as strtoul(3) reads them: none are zero, and a sign counts.
    private static func octet(_ part: ArraySlice<UInt8>) -> UInt8? {
        guard part.count <= 2 else { return nil }
        let isNegative = part.first == Ascii.dash
        let digits = part.drop { $0 == Ascii.dash || $0 == Ascii.plus }
        guard part.count - digits.count <= 1 else { return nil }
        if digits.isEmpty { return part.isEmpty ? 0 : nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16).map { isNegative ? 0 &- $0 : $0 }
    }

    /// Six bytes in hex between colons.
    static let mac = ValueSyntax(
        samples: [
            "00:11:22:33:44:55", "AA:bb:CC:dd:ee:FF", "1:2:3:4:5:6", "00:11", "XX:XX:XX:XX:XX:XX",
            "001:2:3:4:5:6",
            "1:2:3:4:5:6:7", "1:2:3:4:5:", "-1:2:3:4:5:6", "",
        ],
        read: { words, _ throws(Refusal) in
            let parts = words[0].bytes.split(separator: Ascii.colon, omittingEmptySubsequences: false)
            let octets = parts.compactMap(octet)
            guard parts.count == 6, octets.count == 6 else {
                throw Refusal("value.mac", "\(words[0].text) is not a hardware address of six bytes")
            }
            return .text(octets)
        },
        write: { value in
            let octets = value.bytes.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }
            return Array(octets.joined(separator: ":").utf8)
        }
    )
}
