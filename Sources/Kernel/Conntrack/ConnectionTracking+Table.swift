import CKernel
import Glibc
package import Netlink
package import PacketModel
import SystemPackage

/// The kernel's table of connections, of the network namespace of the calling thread.
extension ConnectionTracking {
    /// Those that are wanted. The table may be large: what is not wanted is not kept.
    package static func connections(
        where isWanted: (TrackedConnection) -> Bool
    ) throws(SystemError) -> [TrackedConnection] {
        var result: [TrackedConnection] = []
        try NetlinkSocket(protocol: NETLINK_NETFILTER).walk(
            subsystem: UInt8(NFNL_SUBSYS_CTNETLINK),
            message: UInt8(IPCTNL_MSG_CT_GET.rawValue),
            // Both families.
            family: 0
        ) { message in
            if let connection = TrackedConnection(message), isWanted(connection) {
                result.append(connection)
            }
        }
        return result
    }

    /// Forgets these connections, so that the next packet of each begins a new one; returns how many were there.
    ///
    /// The kernel would forget every connection if it were asked without one.
    package static func forget(_ connections: [TrackedConnection]) throws(SystemError) -> Int {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        var forgotten = 0
        for connection in connections where !connection.original.isEmpty {
            do throws(SystemError) {
                try socket.request(
                    subsystem: UInt8(NFNL_SUBSYS_CTNETLINK),
                    message: UInt8(IPCTNL_MSG_CT_DELETE.rawValue),
                    family: UInt8(SocketAddress.domain(of: connection.source.address.family)),
                    attributes: [
                        NetlinkAttribute(
                            UInt16(CTA_TUPLE_ORIG.rawValue),
                            nested: NetlinkAttribute.readable(in: connection.original[...])
                        ),
                        NetlinkAttribute(UInt16(CTA_ID.rawValue), connection.identifier),
                    ]
                )
                forgotten += 1
            } catch {
                // It ended by itself, or another one of the same ends took its place.
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
        return forgotten
    }

    /// The addresses of this host, each with the interface that has it.
    package static func ownAddresses() throws(SystemError) -> [IPAddress: String] {
        try InterfaceAddresses.read()
    }
}
