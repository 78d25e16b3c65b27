import CKernel
import Glibc
import SystemPackage

/// Hears when somebody changes the ruleset of nf_tables, in one network namespace.
package final class NftablesChanges: Sendable {
    private let socket: NetlinkSocket

    /// Hears what happens from now on in the caller's namespace; nil where the kernel has no nf_tables.
    package static func open() async throws -> NftablesChanges? {
        try await OwnThread.run {
            guard try rulesetNumber(NetlinkSocket(protocol: NETLINK_NETFILTER)) != nil else { return nil }
            let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
            try socket.join(group: Int32(NFNLGRP_NFTABLES.rawValue))
            return NftablesChanges(socket: socket)
        }
    }

    private init(socket: NetlinkSocket) {
        self.socket = socket
    }

    /// Waits so long at most; whether something changed.
    package func came(within time: Duration) async throws -> Bool {
        let socket = socket
        return try await OwnThread.run {
            do {
                return try !socket.messages(within: time).isEmpty
            } catch let error as SystemError where error.errno == .noBufferSpace {
                // More changed than there was room to tell.
                return true
            }
        }
    }

    /// A number that every change of the ruleset makes another; nil where the kernel has no nf_tables.
    package static func rulesetNumber() async throws -> UInt32? {
        try await OwnThread.run { try rulesetNumber(NetlinkSocket(protocol: NETLINK_NETFILTER)) }
    }

    private static func rulesetNumber(_ socket: NetlinkSocket) throws(SystemError) -> UInt32? {
        do throws(SystemError) {
            let answers = try socket.request(
                subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
                message: UInt8(NFT_MSG_GETGEN.rawValue),
                family: NftablesAttribute.every
            )
            return answers.first?.number(UInt16(NFTA_GEN_ID.rawValue))
        } catch {
            guard error.errno == .invalidArgument else { throw error }
            return nil
        }
    }
}
