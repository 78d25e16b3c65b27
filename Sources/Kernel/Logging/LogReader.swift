import CKernel
import Glibc
import SystemPackage

/// Reads what rules log to an NFLOG group of a network namespace, where the kernel's own log says nothing.
package final class LogReader: Sendable {
    private let socket: Socket

    /// Binds to the group; only what is logged from now on is read. One reader may have a group at a time.
    package static func open(group: UInt16, in namespace: NetworkNamespace) async throws -> LogReader {
        try await namespace.run { try LogReader(group: group) }
    }

    private init(group: UInt16) throws(SystemError) {
        socket = try Socket(AF_NETLINK, SOCK_RAW, protocol: NETLINK_NETFILTER)
        try socket.set(SOL_SOCKET, SO_RCVBUFFORCE, to: 4 << 20)
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
                _ = Poll.ready([Poll.Interest(socket: socket)], within: deadline - clock.now)
                if let datagram = socket.receive() { result += LogMessage.all(in: datagram) }
            }
            return Array(result.prefix(count))
        }
    }

    /// Sends one request and takes the kernel's answer to it.
    private func configure(_ group: UInt16, _ attributes: [NetlinkAttribute]) throws(SystemError) {
        let type = UInt16(NFNL_SUBSYS_ULOG) << 8 | UInt16(NFULNL_MSG_CONFIG.rawValue)
        let flags = UInt16(NLM_F_REQUEST | NLM_F_ACK)
        // struct nfgenmsg: any family, version 0, the group in network order.
        let body = [UInt8(AF_UNSPEC), 0] + group.bytes + attributes.flatMap(\.bytes)
        let header = UInt32(16 + body.count).hostBytes + type.hostBytes + flags.hostBytes
        var kernel = sockaddr_nl()
        kernel.nl_family = UInt16(AF_NETLINK)
        if let error = socket.send(header + UInt64(0).bytes + body, toStructure: kernel) {
            throw SystemError("sendto nfnetlink_log", error)
        }
        // The kernel answers before sendto returns; packets logged meanwhile may stand before the answer.
        for _ in 0..<1_000 {
            guard let answer = socket.receive() else { break }
            guard answer.count >= 20, answer[...].hostOrder(UInt16.self, at: 4) == UInt16(NLMSG_ERROR) else {
                continue
            }
            let code = answer[...].hostOrder(Int32.self, at: 16)
            if code != 0 { throw SystemError("bind NFLOG group \(group)", Errno(rawValue: -code)) }
            return
        }
        throw SystemError("no answer of nfnetlink_log", .timedOut)
    }
}
