import PacketModel

/// Reads the common lines of set files without making texts of them.
enum IPv6Bytes {
    /// An address in groups of hexadecimal digits, or a prefix of one; nil for everything else, wrong or not.
    static func interval(_ bytes: ArraySlice<UInt8>) -> Interval<UInt128>? {
        var end = bytes.endIndex
        var length = 128
        // A prefix length has at most three digits.
        if let slash = bytes.suffix(4).firstIndex(of: UInt8(ascii: "/")) {
            guard let read = decimal(bytes[(slash + 1)...]), read <= 128 else { return nil }
            (end, length) = (slash, read)
        }
        guard let address = address(bytes[..<end]) else { return nil }
        let hostMask = length == 0 ? UInt128.max : (UInt128.max >> UInt128(length - 1)) >> 1
        guard address & hostMask == 0 else { return nil }
        return Interval(address, address | hostMask)
    }

    /// RFC 4291 section 2.2, forms 1 and 2.
    private static func address(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        // The groups before `::`, and those after it.
        var (high, low): (UInt128, UInt128) = (0, 0)
        var (highGroups, lowGroups) = (0, 0)
        var hasGap = false
        var index = bytes.startIndex
        if bytes.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            hasGap = true
            index += 2
        }
        while index < bytes.endIndex {
            var (group, digits): (UInt128, Int) = (0, 0)
            while index < bytes.endIndex, let digit = hexadecimal(bytes[index]) {
                group = group << 4 | UInt128(digit)
                digits += 1
                index += 1
            }
            guard (1...4).contains(digits), highGroups + lowGroups < 8 else { return nil }
            if hasGap {
                (low, lowGroups) = (low << 16 | group, lowGroups + 1)
            } else {
                (high, highGroups) = (high << 16 | group, highGroups + 1)
            }
            if index == bytes.endIndex { break }
            guard bytes[index] == UInt8(ascii: ":"), index + 1 < bytes.endIndex else { return nil }
            index += 1
            if bytes[index] == UInt8(ascii: ":") {
                if hasGap { return nil }
                hasGap = true
                index += 1
            }
        }
        // `::` stands for at least one group.
        guard hasGap ? highGroups + lowGroups < 8 : highGroups == 8 else { return nil }
        return highGroups == 0 ? low : high << UInt128(16 * (8 - highGroups)) | low
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func decimal(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard (1...3).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}
