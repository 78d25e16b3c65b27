import Netlink
import PacketModel

/// What tells a probe's packets from all others: the last eight bytes of the payload.
///
/// The bytes are an option of neighbour discovery (a nonce, RFC 3971 section 5.3.2), so that they may stand at
/// the end of such messages too.
struct ProbeTag: Hashable, Sendable {
    let bytes: [UInt8]

    init(number: Int, run: UInt32) {
        bytes = [14, 1] + run.bytes + UInt16(truncatingIfNeeded: number).bytes
    }

    /// The tag at the end of a payload, if there is room for one.
    init?(endOf payload: [UInt8]) {
        guard payload.count >= 8 else { return nil }
        bytes = Array(payload.suffix(8))
    }
}

extension WirePacket {
    func tagged(_ tag: ProbeTag) -> WirePacket {
        var packet = self
        packet.payload += tag.bytes
        return packet
    }
}
