import Glibc

/// An address of either family, as an integer in host order.
package struct IPAddress: Hashable, Sendable {
    package let family: IPFamily
    /// The address; below 2³² for IPv4.
    package let value: UInt128

    package init(family: IPFamily, value: UInt128) {
        self.family = family
        self.value = value
    }

    /// The address of a host to itself: 127.0.0.0/8 (RFC 1122 section 3.2.1.3), ::1 (RFC 4291 section 2.5.3).
    package var isLoopback: Bool {
        switch family {
        case .ipv4: value >> 24 == 127
        case .ipv6: value == 1
        }
    }

    /// Reads dotted decimal (four parts, no leading zeros) or the forms of RFC 4291 section 2.2.
    ///
    /// Returns nil for anything else; host names and zone indices are not addresses.
    package init?(_ text: some StringProtocol) {
        if let value = Self.parseIPv4(text.utf8) {
            self.init(family: .ipv4, value: UInt128(value))
        } else if let value = Self.parseIPv6(text) {
            self.init(family: .ipv6, value: value)
        } else {
            return nil
        }
    }

    /// The same of bytes, dotted decimal alone: no text has to be made of them.
    package init?(dotted bytes: ArraySlice<UInt8>) {
        guard let value = Self.parseIPv4(bytes) else { return nil }
        self.init(family: .ipv4, value: UInt128(value))
    }

    /// Reads dotted decimal; leading zeros are refused because some tools read them as octal.
    static func parseIPv4(_ text: some Collection<UInt8>) -> UInt32? {
        var (result, part, digits, parts): (UInt32, UInt32, Int, Int) = (0, 0, 0, 1)
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits > 0 && part == 0 { return nil }
                part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                if part > 255 || digits > 3 { return nil }
            case UInt8(ascii: "."):
                if digits == 0 || parts == 4 { return nil }
                result = result << 8 | part
                (part, digits) = (0, 0)
                parts += 1
            default:
                return nil
            }
        }
        return parts == 4 && digits > 0 ? result << 8 | part : nil
    }

    static func parseIPv6(_ text: some StringProtocol) -> UInt128? {
        guard text.utf8.count < Int(INET6_ADDRSTRLEN), text.utf8.contains(UInt8(ascii: ":")) else {
            return nil
        }
        var storage: UInt128 = 0
        let read = unsafe text.withCString { pointer in
            unsafe withUnsafeMutableBytes(of: &storage) { buffer in
                unsafe inet_pton(AF_INET6, pointer, buffer.baseAddress)
            }
        }
        return read == 1 ? UInt128(bigEndian: storage) : nil
    }
}

extension IPAddress: Comparable {
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.family, left.value) < (right.family, right.value)
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the shortest form of RFC 5952.
    package var description: String {
        switch family {
        case .ipv4:
            let address = UInt32(truncatingIfNeeded: value)
            return "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
        case .ipv6:
            return Self.describeIPv6(value)
        }
    }

    private static func describeIPv6(_ value: UInt128) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var bigEndian = value.bigEndian
        unsafe withUnsafeBytes(of: &bigEndian) { bytes in
            _ = unsafe inet_ntop(AF_INET6, bytes.baseAddress, &text, socklen_t(INET6_ADDRSTRLEN))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
