import CKernel
import Glibc
import PacketModel
import SystemPackage

/// The connections that the kernel keeps track of in the network namespace of the calling thread.
package enum ConnectionTracking {
    /// Takes connections that live into connection tracking, as if it had seen them from their start; returns how many
    /// it did not know before.
    ///
    /// A host without rules that ask for the state of a connection tracks none. The first such rules would call the
    /// next packet of a connection new, or invalid where `nf_conntrack_tcp_loose` is 0, and drop it. Those of the host
    /// to itself are left out: a firewall lets the loopback interface be.
    ///
    /// One that the kernel refuses does not keep the others from being taken; the first refusal is thrown at the end.
    package static func adopt(_ connections: [LiveConnection]) throws(SystemError) -> Int {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        var adopted = 0
        var refusal: SystemError?
        for connection in connections where !connection.isOfTheHostToItself {
            do {
                try socket.request(
                    subsystem: subsystem,
                    message: UInt8(IPCTNL_MSG_CT_NEW.rawValue),
                    family: family(of: connection),
                    flags: UInt16(NLM_F_CREATE | NLM_F_EXCL),
                    attributes: connection.trackingEntry
                )
                adopted += 1
            } catch {
                guard error.errno != .fileExists else { continue }
                let call = "track the connection with \(connection.remote)"
                refusal = refusal ?? SystemError(call, error.errno)
            }
        }
        if let refusal { throw refusal }
        return adopted
    }

    /// Whether the kernel tracks a connection, whoever it thinks began it.
    package static func isKnown(_ connection: LiveConnection) throws(SystemError) -> Bool {
        do {
            try NetlinkSocket(protocol: NETLINK_NETFILTER).request(
                subsystem: subsystem,
                message: UInt8(IPCTNL_MSG_CT_GET.rawValue),
                family: family(of: connection),
                attributes: [connection.originalTuple]
            )
            return true
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            return false
        }
    }

    private static let subsystem = UInt8(NFNL_SUBSYS_CTNETLINK)

    private static func family(of connection: LiveConnection) -> UInt8 {
        UInt8(SocketAddress.domain(of: connection.local.family))
    }
}
