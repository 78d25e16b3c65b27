import CKernel
import Netlink

/// What a rule with an NFLOG group, or a `log group` statement, said of a packet.
package struct LogMessage: Hashable, Sendable {
    package var prefix: String
    /// The packet, as far as it was copied; nil when its start cannot be read.
    package var packet: WirePacket?

    /// Reads one NFULNL_MSG_PACKET (linux/netfilter/nfnetlink_log.h); nil for any other message.
    init?(_ message: NetlinkMessage) {
        guard message.subsystem == UInt8(NFNL_SUBSYS_ULOG),
            message.message == UInt8(NFULNL_MSG_PACKET.rawValue)
        else { return nil }
        prefix = ""
        for attribute in message.attributes {
            switch Int(attribute.type) {
            case Int(NFULA_PREFIX.rawValue): prefix = attribute.text
            case Int(NFULA_PAYLOAD.rawValue): packet = WirePacket(parsing: attribute.value)
            default: break
            }
        }
    }
}
