import CKernel
import Glibc
import Netlink
import Nftables
import SystemPackage

/// A table of nf_tables, by its name alone, in the namespace of the calling thread.
enum NftablesTable {
    /// Takes the table away with all that is in it, in one transaction. Nothing there is no error, and neither is a kernel
    /// that has no nf_tables.
    static func delete(
        _ name: String,
        family: UInt8 = NftablesAttribute.internet
    ) throws(SystemError) {
        guard let socket = try NftablesPresence.socket() else { return }
        let subsystem = UInt8(NFNL_SUBSYS_NFTABLES)
        do throws(SystemError) {
            try socket.transact(
                subsystem: subsystem,
                message: UInt8(NFT_MSG_DELTABLE.rawValue),
                family: family,
                attributes: [.text(NftablesAttribute.Table.name, name)]
            )
        } catch {
            guard error.errno != .noSuchFileOrDirectory else { return }
            throw error
        }
    }
}
