import CKernel
import Glibc
import Netlink
import Nftables
import SystemPackage

/// Whether the kernel has nf_tables at all: what is not there is not asked, for it answers every question with an error.
package enum NftablesPresence {
    /// A line to netfilter in the namespace of the calling thread; nil where the kernel has no nf_tables.
    static func socket() throws(SystemError) -> NetlinkSocket? {
        let socket: NetlinkSocket
        do throws(SystemError) {
            socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        } catch {
            // A kernel without nfnetlink (socket(2)).
            guard error.errno == .protocolNotSupported else { throw error }
            return nil
        }
        return try generation(socket) == nil ? nil : socket
    }

    /// Whether it answers in the namespace of the calling thread. Where it cannot be asked it is taken to be there: its
    /// tools then say what is wrong.
    static var isKnown: Bool {
        do throws(SystemError) { return try socket() != nil } catch { return true }
    }

    /// The same in a namespace; nil is this one.
    package static func isKnown(in namespace: NetworkNamespace?) async -> Bool {
        guard let namespace else { return isKnown }
        do { return try await namespace.run { isKnown } } catch { return true }
    }

    /// A number that every change of the ruleset makes another; nil where the kernel has no nf_tables.
    static func generation(_ socket: NetlinkSocket) throws(SystemError) -> UInt32? {
        do throws(SystemError) {
            let answers = try socket.request(
                subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
                message: UInt8(NFT_MSG_GETGEN.rawValue),
                family: NftablesAttribute.every
            )
            return answers.first?.number(UInt16(NFTA_GEN_ID.rawValue))
        } catch {
            // The subsystem is not there (nfnetlink_rcv_msg, net/netfilter/nfnetlink.c).
            guard error.errno == .invalidArgument else { throw error }
            return nil
        }
    }
}
