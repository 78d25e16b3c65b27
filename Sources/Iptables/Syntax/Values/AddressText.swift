import PacketModel

/// Addresses and masks as iptables reads and prints them (measured on 1.8.9).
enum AddressText {
    /// An address: of IPv4 in up to four parts (`10.1` is `10.1.0.0`), each in any base; of IPv6 as in RFC 4291.
    static func address(_ bytes: ArraySlice<UInt8>, _ family: IPFamily) -> IPAddress? {
        guard family == .ipv4 else {
            let address = IPAddress(String(decoding: bytes, as: UTF8.self))
            return address?.family == .ipv6 ? address : nil
        }
        guard let value = dotted(bytes, needsFour: false) else { return nil }
        return IPAddress(family: .ipv4, value: value)
    }

    /// An address as getaddrinfo(3) reads it without asking anyone: the last of fewer than four parts fills the rest.
    static func resolved(_ bytes: ArraySlice<UInt8>, _ family: IPFamily) -> IPAddress? {
        guard family == .ipv4 else { return address(bytes, family) }
        let parts = bytes.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        guard parts.count <= 4, let last = parts.last else { return nil }
        var value: UInt128 = 0
        for part in parts.dropLast() {
            guard startsWithDigit(part), let number = NumberText.whole(part, in: 0...255) else { return nil }
            value = value << 8 | UInt128(number)
        }
        let width = UInt64(8 * (5 - parts.count))
        guard startsWithDigit(last), let number = NumberText.whole(last, in: 0...(UInt64(1) << width - 1))
        else { return nil }
        return IPAddress(family: .ipv4, value: value << UInt128(width) | UInt128(number))
    }

    private static func startsWithDigit(_ part: ArraySlice<UInt8>) -> Bool {
        part.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    /// What stands after the slash: a length or, written out, a mask.
    static func mask(_ bytes: ArraySlice<UInt8>, _ family: IPFamily) -> UInt128? {
        let width = family.addressWidth
        if let length = NumberText.whole(bytes, in: 0...UInt64(width)) {
            return mask(length: Int(length), family)
        }
        switch family {
        case .ipv4: return dotted(bytes, needsFour: true)
        case .ipv6: return address(bytes, .ipv6)?.value
        }
    }

    static func mask(length: Int, _ family: IPFamily) -> UInt128 {
        let hostBits = family.addressWidth - length
        return hostBits == 128 ? 0 : (family.lastAddress >> UInt128(hostBits)) << UInt128(hostBits)
    }

    /// An address with an optional mask, as `-s` takes it; host bits are cut off.
    static func network(_ bytes: ArraySlice<UInt8>, _ family: IPFamily) throws(Refusal) -> OptionValue {
        let slash = bytes.lastIndex(of: Ascii.slash)
        var wanted = family.lastAddress
        if let slash {
            guard let mask = mask(bytes[(slash + 1)...], family) else {
                throw Refusal("address.mask", "the mask is no length and no mask of \(family.title)")
            }
            wanted = mask
        }
        let text = slash.map { bytes[..<$0] } ?? bytes
        guard let address = address(text, family) else { throw unreadable(text, family) }
        return .network(IPAddress(family: family, value: address.value & wanted), mask: wanted)
    }

    static func unreadable(_ text: ArraySlice<UInt8>, _ family: IPFamily) -> Refusal {
        let shown = String(decoding: text, as: UTF8.self)
        return Refusal(
            "address.unknown",
            "\(shown.isEmpty ? "nothing" : shown) is no address of \(family.title); names are not looked up"
        )
    }

    /// The address with the length of its mask, or with the mask when it has no length.
    static func network(_ address: IPAddress, mask: UInt128) -> String {
        guard let length = length(of: mask, address.family) else {
            return "\(address)/\(IPAddress(family: address.family, value: mask))"
        }
        return "\(address)/\(length)"
    }

    /// Nil when the mask has holes.
    static func length(of mask: UInt128, _ family: IPFamily) -> Int? {
        let length = mask.nonzeroBitCount
        return AddressText.mask(length: length, family) == mask ? length : nil
    }

    private static func dotted(_ bytes: ArraySlice<UInt8>, needsFour: Bool) -> UInt128? {
        var (rest, count, value): (ArraySlice<UInt8>, Int, UInt128) = (bytes, 0, 0)
        var hasMore = true
        while hasMore {
            let dot = count < 3 ? rest.firstIndex(of: Ascii.dot) : nil
            guard let number = NumberText.whole(dot.map { rest[..<$0] } ?? rest, in: 0...255) else {
                return nil
            }
            value = value << 8 | UInt128(number)
            count += 1
            if let dot { rest = rest[(dot + 1)...] }
            hasMore = dot != nil
        }
        if needsFour && count != 4 { return nil }
        return value << UInt128(8 * (4 - count))
    }
}

extension IPFamily {
    var title: String {
        switch self {
        case .ipv4: "IPv4"
        case .ipv6: "IPv6"
        }
    }
}
