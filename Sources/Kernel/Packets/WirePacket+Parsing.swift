import Netlink
import PacketModel

extension WirePacket {
    /// Reads a packet from its IP header on, or the start of one that an ICMP error quotes.
    ///
    /// Returns nil for what is neither IPv4 nor IPv6, has a cut header, or is a later fragment. Options are
    /// stepped over; checksums are not looked at, for the kernel leaves them to the hardware.
    package init?(parsing bytes: some RandomAccessCollection<UInt8>) {
        let bytes = Array(bytes)
        switch bytes.first.map({ $0 >> 4 }) {
        case 4: self.init(parsingIPv4: bytes)
        case 6: self.init(parsingIPv6: bytes)
        default: return nil
        }
    }

    private init?(parsingIPv4 bytes: [UInt8]) {
        guard bytes.count >= 20, UInt16(bytes[6...]) & 0x1FFF == 0 else { return nil }
        let header = Int(bytes[0] & 0xF) * 4
        let end = min(bytes.count, Int(UInt16(bytes[2...])))
        guard header >= 20, header <= end else { return nil }
        let source = IPAddress(family: .ipv4, value: UInt128(UInt32(bytes[12...])))
        let destination = IPAddress(family: .ipv4, value: UInt128(UInt32(bytes[16...])))
        let number = IPProtocol(number: bytes[9])
        self.init(from: source, to: destination, number, Array(bytes[header..<end]), hopLimit: bytes[8])
    }

    private init?(parsingIPv6 bytes: [UInt8]) {
        guard bytes.count >= 40 else { return nil }
        let end = min(bytes.count, 40 + Int(UInt16(bytes[4...])))
        var (next, start) = (bytes[6], 40)
        // Hop-by-hop, routing and destination options (RFC 8200 section 4); each has at least eight bytes.
        while [0, 43, 60].contains(next), start + 8 <= end {
            (next, start) = (bytes[start], start + 8 * (Int(bytes[start + 1]) + 1))
        }
        guard start <= end else { return nil }
        let source = IPAddress(family: .ipv6, value: UInt128(bytes[8...]))
        let destination = IPAddress(family: .ipv6, value: UInt128(bytes[24...]))
        let number = IPProtocol(number: next)
        self.init(from: source, to: destination, number, Array(bytes[start..<end]), hopLimit: bytes[7])
        alertsRouters = bytes[6] == 0
    }

    private init?(
        from source: IPAddress,
        to destination: IPAddress,
        _ number: IPProtocol,
        _ bytes: [UInt8],
        hopLimit: UInt8
    ) {
        guard let (transport, length) = Transport.parse(number, bytes) else { return nil }
        let payload = Array(bytes.dropFirst(length))
        self.init(from: source, to: destination, transport, payload: payload, hopLimit: hopLimit)
    }
}

extension WirePacket.Transport {
    /// The transport and the length of its header; what an ICMP error quotes has eight bytes at least.
    fileprivate static func parse(_ number: IPProtocol, _ bytes: [UInt8]) -> (
        WirePacket.Transport, length: Int
    )? {
        switch number {
        case .tcp, .udp, .icmp, .icmpv6:
            guard bytes.count >= 8 else { return nil }
        default:
            guard let length = openingLength(number), bytes.count >= 8 else { return (.other(number), 0) }
            let (source, destination) = (UInt16(bytes[0...]), UInt16(bytes[2...]))
            return (.opening(number, source: source, destination: destination), length)
        }
        let (source, destination) = (UInt16(bytes[0...]), UInt16(bytes[2...]))
        switch number {
        case .tcp:
            let whole = bytes.count >= 20
            let header = WirePacket.TCPHeader(
                source: source,
                destination: destination,
                flags: TCPFlags(rawValue: whole ? bytes[13] & 0x3F : 0),
                sequence: UInt32(bytes[4...]),
                acknowledgement: whole ? UInt32(bytes[8...]) : 0
            )
            return (.tcp(header), whole ? Int(bytes[12] >> 4) * 4 : bytes.count)
        case .udp:
            return (.udp(source: source, destination: destination), 8)
        default:
            return (.icmp(type: bytes[0], code: bytes[1], rest: UInt32(bytes[4...])), 8)
        }
    }
}
