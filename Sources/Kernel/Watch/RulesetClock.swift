import CKernel
import Glibc
package import Netlink
import Nftables
import SystemPackage

/// The number of the ruleset of nf_tables in one network namespace: every change makes it another one.
///
/// It is asked for, and no group of netlink is joined: while anybody listens there, each element of a transaction costs
/// the kernel some 8 kB until it is told (nf_tables_commit and nfnetlink_send, net/netfilter), which large changes of
/// small machines do not have.
package final class RulesetClock: Sendable {
    private let socket: NetlinkSocket

    /// Of the namespace of the calling thread; nil where the kernel has no nf_tables.
    package static func open() throws(SystemError) -> RulesetClock? {
        let clock: RulesetClock
        do throws(SystemError) {
            clock = RulesetClock(socket: try NetlinkSocket(protocol: NETLINK_NETFILTER))
            _ = try clock.number()
        } catch {
            // No nfnetlink (socket(2)), or nobody there who knows the subsystem (nfnetlink_rcv_msg).
            guard error.errno == .protocolNotSupported || error.errno == .invalidArgument else { throw error }
            return nil
        }
        return clock
    }

    private init(socket: NetlinkSocket) {
        self.socket = socket
    }

    /// Takes no lock of nf_tables (`NFNL_CB_RCU`), so it is answered also while a large change is under way.
    package func number() throws(SystemError) -> UInt32 {
        let answers = try socket.request(
            subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
            message: UInt8(NFT_MSG_GETGEN.rawValue),
            family: NftablesAttribute.every
        )
        return answers.first?.number(UInt16(NFTA_GEN_ID.rawValue)) ?? 0
    }
}
