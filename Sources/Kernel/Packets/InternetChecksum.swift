import Netlink
import PacketModel

/// The one's complement sum of 16-bit words that IP and its transports carry (RFC 1071).
struct InternetChecksum {
    private var sum: UInt64 = 0

    /// Adds bytes that start at an even place; an odd last byte is padded with zero.
    mutating func add(_ bytes: some Sequence<UInt8>) {
        var high = true
        for byte in bytes {
            sum += high ? UInt64(byte) << 8 : UInt64(byte)
            high.toggle()
        }
    }

    /// Adds what a transport's checksum covers of the IP header (RFC 9293 section 3.1, RFC 8200 section 8.1).
    mutating func addPseudoHeader(_ packet: WirePacket, protocol number: IPProtocol, length: Int) {
        add(packet.source.bytes + packet.destination.bytes)
        sum += UInt64(number.number) + UInt64(length)
    }

    var value: UInt16 {
        var folded = sum
        while folded > 0xFFFF { folded = folded & 0xFFFF + folded >> 16 }
        return ~UInt16(folded)
    }
}

extension IPAddress {
    /// The address in network order, 4 or 16 bytes.
    var bytes: [UInt8] {
        switch family {
        case .ipv4: UInt32(truncatingIfNeeded: value).bytes
        case .ipv6: value.bytes
        }
    }
}
