import PacketModel

/// Reads the common lines of set files without making texts of them.
enum IPv4Bytes {
    /// An address or a prefix; nil for everything else, wrong or not.
    static func interval(_ bytes: ArraySlice<UInt8>) -> Interval<UInt128>? {
        let slash = UInt8(ascii: "/")
        var (address, part, digits, parts): (UInt32, UInt32, Int, Int) = (0, 0, 0, 1)
        var (length, lengthDigits): (Int, Int?) = (32, nil)
        for byte in bytes {
            let digit = byte &- UInt8(ascii: "0")
            if let read = lengthDigits {
                guard digit < 10, read < 2, read == 0 || length > 0 else { return nil }
                length = length * 10 + Int(digit)
                lengthDigits = read + 1
            } else if digit < 10 {
                // A leading zero is not for this quick way to judge.
                guard digits < 3, digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(digit)
                digits += 1
            } else if byte == slash || byte == UInt8(ascii: ".") {
                guard digits > 0, part <= 255 else { return nil }
                address = address << 8 | part
                (part, digits) = (0, 0)
                if byte == slash {
                    (length, lengthDigits) = (0, 0)
                } else {
                    parts += 1
                    if parts > 4 { return nil }
                }
            } else {
                return nil
            }
        }
        if lengthDigits == nil {
            guard digits > 0, part <= 255 else { return nil }
            address = address << 8 | part
        }
        guard parts == 4, lengthDigits != 0, length <= 32 else { return nil }
        let hostMask = length == 0 ? UInt32.max : (UInt32.max >> UInt32(length - 1)) >> 1
        guard address & hostMask == 0 else { return nil }
        return Interval(UInt128(address), UInt128(address | hostMask))
    }
}
