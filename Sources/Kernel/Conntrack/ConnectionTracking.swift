import CKernel
import Glibc
package import Netlink
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
    /// One that is known already may be known by halves: rules that were tried out for a moment made the kernel see a
    /// packet of it and no answer, and it would call the next one new. That it goes both ways is said of it then.
    ///
    /// One that the kernel refuses does not keep the others from being taken; the first refusal is thrown at the end.
    package static func adopt(_ connections: [LiveConnection]) throws(SystemError) -> Int {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        var adopted = 0
        var refusal: SystemError?
        for connection in connections where !connection.isOfTheHostToItself {
            do throws(SystemError) {
                adopted += try enter(connection, by: socket) ? 1 : 0
            } catch {
                let call = "track the connection with \(connection.remote)"
                refusal = refusal ?? SystemError(call, error.errno)
            }
        }
        if let refusal { throw refusal }
        return adopted
    }

    /// Whether the kernel did not know it.
    private static func enter(
        _ connection: LiveConnection,
        by socket: NetlinkSocket
    ) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try request(connection, UInt16(NLM_F_CREATE | NLM_F_EXCL), by: socket)
            return true
        } catch {
            guard error.errno == .fileExists else { throw error }
        }
        do throws(SystemError) {
            try request(connection, 0, by: socket)
        } catch {
            // What a helper expected keeps its status (ctnetlink_change_status).
            guard error.errno == .resourceBusy else { throw error }
        }
        return false
    }

    private static func request(
        _ connection: LiveConnection,
        _ flags: UInt16,
        by socket: NetlinkSocket
    ) throws(SystemError) {
        try socket.request(
            subsystem: subsystem,
            message: UInt8(IPCTNL_MSG_CT_NEW.rawValue),
            family: family(of: connection),
            flags: flags,
            attributes: connection.trackingEntry
        )
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
