/// A UDP datagram from the outside to the inside as a whole Ethernet frame.
enum Frame {
    static let payload = [UInt8](repeating: 0x77, count: 32)

    static var udp4: [UInt8] {
        let length = UInt16(20 + 8 + payload.count)
        let source: [UInt8] = [198, 18, 0, 2]
        let destination: [UInt8] = [198, 18, 0, 1]
        var header: [UInt8] =
            [0x45, 0] + bytes(length) + [0, 0, 0x40, 0, 64, 17, 0, 0] + source + destination
        header.replaceSubrange(10..<12, with: bytes(checksum(header)))
        // No UDP checksum: over IPv4 it may be left out (RFC 768).
        return ethernet([0x08, 0x00]) + header + udp(checksum: 0)
    }

    static var udp6: [UInt8] {
        let prefix: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11)
        let source = prefix + [2]
        let destination = prefix + [1]
        let length = UInt16(8 + payload.count)
        let pseudo = source + destination + [0, 0] + bytes(length) + [0, 0, 0, 17]
        let header: [UInt8] = [0x60, 0, 0, 0] + bytes(length) + [17, 64] + source + destination
        return ethernet([0x86, 0xdd]) + header + udp(checksum: checksum(pseudo + udp(checksum: 0)))
    }

    private static func ethernet(_ type: [UInt8]) -> [UInt8] {
        Addresses.insideMAC + Addresses.outsideMAC + type
    }

    private static func udp(checksum: UInt16) -> [UInt8] {
        let length = UInt16(8 + payload.count)
        return bytes(Addresses.outsidePort) + bytes(Addresses.port) + bytes(length) + bytes(checksum)
            + payload
    }

    private static func bytes(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xff)]
    }

    /// The ones' complement sum of RFC 1071 over an even number of bytes.
    private static func checksum(_ data: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: data.count - 1, by: 2) {
            sum += UInt32(data[index]) << 8 | UInt32(data[index + 1])
        }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        return UInt16(0xffff - sum)
    }
}
