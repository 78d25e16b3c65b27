import CKernel

/// What a rule with an NFLOG group, or a `log group` statement, said of a packet.
package struct LogMessage: Hashable, Sendable {
    package var prefix: String
    /// The packet, as far as it was copied; nil when its start cannot be read.
    package var packet: WirePacket?

    /// Reads the attributes of one NFULNL_MSG_PACKET (linux/netfilter/nfnetlink_log.h).
    init(attributes: ArraySlice<UInt8>) {
        prefix = ""
        for attribute in NetlinkAttribute.all(in: attributes) {
            switch Int(attribute.type) {
            case Int(NFULA_PREFIX.rawValue):
                prefix = String(decoding: attribute.value.prefix { $0 != 0 }, as: UTF8.self)
            case Int(NFULA_PAYLOAD.rawValue):
                packet = WirePacket(parsing: attribute.value)
            default:
                break
            }
        }
    }

    /// Reads every log message of what a netlink socket received; others are left out.
    static func all(in datagram: [UInt8]) -> [LogMessage] {
        // struct nlmsghdr has 16 bytes, struct nfgenmsg 4 (netlink(7), linux/netfilter/nfnetlink.h).
        let expected = UInt16(NFNL_SUBSYS_ULOG) << 8 | UInt16(NFULNL_MSG_PACKET.rawValue)
        var result: [LogMessage] = []
        var rest = datagram[...]
        while rest.count >= 20 {
            let length = Int(rest.hostOrder(UInt32.self, at: 0))
            guard length >= 16, length <= rest.count else { break }
            if rest.hostOrder(UInt16.self, at: 4) == expected, length >= 20 {
                result.append(LogMessage(attributes: rest.prefix(length).dropFirst(20)))
            }
            rest = rest.dropFirst(NetlinkAttribute.aligned(length))
        }
        return result
    }
}
