import Netlink
import PacketModel

extension WirePacket {
    /// The packet with its checksums, from the IP header on.
    package var bytes: [UInt8] {
        switch family {
        case .ipv4: headerOfIPv4 + transportBytes
        case .ipv6: headerOfIPv6 + transportBytes
        }
    }

    /// The transport's header and payload, with the checksum.
    package var transportBytes: [UInt8] {
        let number = transport.number(in: family)
        switch transport {
        case .tcp(let header):
            // Five words of header, a full window, no urgent data.
            let start = header.source.bytes + header.destination.bytes + header.sequence.bytes
            let middle = header.acknowledgement.bytes + [5 << 4, header.flags.rawValue, 0xFF, 0xFF]
            return withChecksum(start + middle + [0, 0, 0, 0] + payload, at: 16, number)
        case .udp(let source, let destination):
            let length = UInt16(truncatingIfNeeded: 8 + payload.count)
            let header = source.bytes + destination.bytes + length.bytes + [0, 0]
            return withChecksum(header + payload, at: 6, number)
        case .icmp(let type, let code, let rest):
            return withChecksum([type, code, 0, 0] + rest.bytes + payload, at: 2, number)
        case .opening(let kind, let source, let destination):
            let header = Transport.opening(kind, source, destination, payload: payload.count)
            guard kind == .sctp else { return withChecksum(header + payload, at: 6, number) }
            var bytes = header + payload
            bytes.replaceSubrange(8..<12, with: CRC32c.bytes(of: bytes))
            return bytes
        case .other:
            return payload
        }
    }

    private func withChecksum(_ bytes: [UInt8], at offset: Int, _ number: IPProtocol) -> [UInt8] {
        var checksum = InternetChecksum()
        // ICMP of IPv4 alone covers no pseudo header (RFC 792).
        if number != .icmp { checksum.addPseudoHeader(self, protocol: number, length: bytes.count) }
        checksum.add(bytes)
        // A sum of zero means "none" in UDP and is sent as its other form (RFC 768, RFC 3828).
        let value = [.udp, .udplite].contains(number) && checksum.value == 0 ? 0xFFFF : checksum.value
        var result = bytes
        result.replaceSubrange(offset..<offset + 2, with: value.bytes)
        return result
    }

    /// Five words, no options, not to be fragmented (RFC 791 section 3.1).
    private var headerOfIPv4: [UInt8] {
        let length = UInt16(truncatingIfNeeded: 20 + transportBytes.count)
        let number = transport.number(in: .ipv4).number
        var header = [0x45, 0] + length.bytes + [0, 0, 0x40, 0, hopLimit, number, 0, 0]
        header += source.bytes + destination.bytes
        var checksum = InternetChecksum()
        checksum.add(header)
        header.replaceSubrange(10..<12, with: checksum.value.bytes)
        return header
    }

    private var headerOfIPv6: [UInt8] {
        let number = transport.number(in: .ipv6).number
        // A hop-by-hop header with the router alert for MLD, padded to eight bytes (RFC 2711 section 2.1).
        let options: [UInt8] = alertsRouters ? [number, 0, 5, 2, 0, 0, 1, 0] : []
        let length = UInt16(truncatingIfNeeded: options.count + transportBytes.count)
        let next = alertsRouters ? 0 : number
        return [0x60, 0, 0, 0] + length.bytes + [next, hopLimit] + source.bytes + destination.bytes + options
    }
}
