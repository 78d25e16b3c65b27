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
        part.first.map(isDigit) ?? false
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

    /// What `-s` or `-d` asks for; several when a name stands for several addresses. Host bits are cut off.
    static func tests(
        _ bytes: ArraySlice<UInt8>,
        isNegated: Bool,
        _ context: ReadingContext
    ) throws(Refusal) -> [AddressTest] {
        let family = context.family
        let slash = bytes.lastIndex(of: Ascii.slash)
        var mask = family.lastAddress
        if let slash {
            guard let wanted = self.mask(bytes[(slash + 1)...], family) else {
                throw Refusal("address.mask", "the mask is neither a length nor a mask of \(family.title)")
            }
            mask = wanted
        }
        // With a mask of nothing the tool does not look at what stands before it: `any/0`.
        if mask == 0 {
            return [AddressTest(address: IPAddress(family: family, value: 0), mask: 0, isNegated: isNegated)]
        }
        let text = slash.map { bytes[..<$0] } ?? bytes
        var found = address(text, family).map { [$0] } ?? []
        if found.isEmpty {
            let name = String(decoding: text, as: UTF8.self)
            found =
                context.names.network(name, family).map { [$0] }
                ?? resolved(text, family).map { [$0] } ?? context.names.addresses(ofHost: name, family)
            if found.isEmpty {
                guard isDomainName(text) else { throw unreadable(text, family) }
                return [AddressTest(address: nil, mask: mask, hostName: Array(text), isNegated: isNegated)]
            }
        }
        return found.map { address in
            let network = IPAddress(family: family, value: address.value & mask)
            return AddressTest(address: network, mask: mask, isNegated: isNegated)
        }
    }

    /// The first address of a host of hosts(5), or an address as getaddrinfo(3) reads it.
    static func host(_ bytes: ArraySlice<UInt8>, _ context: ReadingContext) throws(Refusal) -> IPAddress {
        let found =
            resolved(bytes, context.family)
            ?? context.names.addresses(ofHost: String(decoding: bytes, as: UTF8.self), context.family).first
        guard let found else { throw unreadable(bytes, context.family) }
        return found
    }

    /// Labels between dots (RFC 1123), at least two, the last of them no number. A name without a dot is known to the
    /// files of its host alone.
    private static func isDomainName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        guard labels.count > 1, bytes.count <= 253, let last = labels.last?.first, isLetter(last) else {
            return false
        }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != Ascii.dash && label.last != Ascii.dash
                && label.allSatisfy {
                    isLetter($0) || isDigit($0) || $0 == Ascii.dash || $0 == UInt8(ascii: "_")
                }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(Ascii.lowercased(byte))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func unreadable(_ text: ArraySlice<UInt8>, _ family: IPFamily) -> Refusal {
        let shown = String(decoding: text, as: UTF8.self)
        return Refusal(
            "address.unknown",
            "\(shown.isEmpty ? "nothing" : shown) is neither an address of \(family.title) nor a host in /etc/hosts"
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

extension AddressTest {
    /// The name of the host, with the mask unless that is of a whole address.
    func hostText(_ family: IPFamily) -> String {
        let name = String(decoding: hostName, as: UTF8.self)
        if mask == family.lastAddress { return name }
        let length = AddressText.length(of: mask, family)
        return name + (length.map { "/\($0)" } ?? "/\(IPAddress(family: family, value: mask))")
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
