import Netlink
import PacketModel

/// First packets of protocols that connection tracking reads: it takes nothing else for the start of a connection.
extension WirePacket.Transport {
    /// The length of the header of such a packet in bytes; nil for other protocols.
    static func openingLength(_ number: IPProtocol) -> Int? {
        switch number {
        case .sctp: 32
        case .dccp: 20
        case .udplite: 8
        default: nil
        }
    }

    /// The bytes before the payload, with a checksum of zero.
    static func opening(_ number: IPProtocol, _ source: UInt16, _ destination: UInt16, payload: Int)
        -> [UInt8]
    {
        let ports = source.bytes + destination.bytes
        switch number {
        case .sctp:
            // No tag yet, and one chunk INIT: its tag, window, two times one stream, sequence (RFC 9260 section 3.3.2).
            let length = UInt16(truncatingIfNeeded: 20 + payload)
            let chunk = [1, 0] + length.bytes + UInt32(1).bytes + UInt32(0xFFFF).bytes
            return ports + [UInt8](repeating: 0, count: 8) + chunk + [0, 1, 0, 1] + UInt32(1).bytes
        case .dccp:
            // A request with a long sequence number, five words long (RFC 4340 sections 5.1 and 5.2).
            return ports + [5, 0, 0, 0, 1, 0] + [0, 0, 0, 0, 0, 1] + [0, 0, 0, 0]
        default:
            // The checksum covers everything (RFC 3828 section 3.1).
            return ports + [0, 0, 0, 0]
        }
    }
}

/// The checksum of SCTP, CRC32c (RFC 9260 appendix A).
enum CRC32c {
    /// In the order in which SCTP sends it, the lowest byte first.
    static func bytes(of data: [UInt8]) -> [UInt8] {
        var remainder: UInt32 = .max
        for byte in data {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
            }
        }
        return (~remainder).byteSwapped.bytes
    }
}
