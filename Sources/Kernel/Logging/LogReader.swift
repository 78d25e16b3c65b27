import CKernel
import Glibc
import Netlink
import SystemPackage

/// Reads what rules log to an NFLOG group of a network namespace, where the kernel's own log says nothing.
package final class LogReader: Sendable {
    private let socket: NetlinkSocket

    /// Binds to the group; only what is logged from now on is read. One reader may have a group at a time.
    package static func open(group: UInt16, in namespace: NetworkNamespace) async throws -> LogReader {
        try await namespace.run { try LogReader(group: group) }
    }

    private init(group: UInt16) throws(SystemError) {
        socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        try socket.makeRoom(bytes: 4 << 20)
        let bind = NetlinkAttribute(UInt16(NFULA_CFG_CMD.rawValue), [UInt8(NFULNL_CFG_CMD_BIND.rawValue)])
        // struct nfulnl_msg_config_mode: how many bytes of a packet, in network order, and that they be copied.
        let copying = UInt32(0xFFFF).bytes + [Self.copyPacket, 0]
        let mode = NetlinkAttribute(UInt16(NFULA_CFG_MODE.rawValue), copying)
        // Each message comes at once, not in bundles.
        let threshold = NetlinkAttribute(UInt16(NFULA_CFG_QTHRESH.rawValue), UInt32(1).bytes)
        for attributes in [[bind], [mode, threshold]] {
            try configure(group, attributes)
        }
    }

    /// NFULNL_COPY_PACKET
    private static let copyPacket: UInt8 = 2

    /// Waits until so many messages came, or the time is over; returns those that came, in order.
    package func messages(atMost count: Int, within time: Duration) async throws -> [LogMessage] {
        let socket = socket
        return try await OwnThread.run {
            let clock = ContinuousClock()
            let deadline = clock.now + time
            var result: [LogMessage] = []
            while result.count < count, clock.now < deadline {
                result += try socket.messages(within: deadline - clock.now).compactMap(LogMessage.init)
            }
            return Array(result.prefix(count))
        }
    }

    private func configure(_ group: UInt16, _ attributes: [NetlinkAttribute]) throws(SystemError) {
        do {
            try socket.request(
                subsystem: UInt8(NFNL_SUBSYS_ULOG),
                message: UInt8(NFULNL_MSG_CONFIG.rawValue),
                family: UInt8(AF_UNSPEC),
                resource: group,
                attributes: attributes
            )
        } catch {
            throw SystemError("bind NFLOG group \(group)", error.errno)
        }
    }
}
