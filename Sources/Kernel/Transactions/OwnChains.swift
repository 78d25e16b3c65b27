import CKernel
import Compiler
import Glibc
import Netlink
import Nftables
import SystemPackage

/// Finds out which backends hold something of ours, in the namespace of the calling thread, without loading a module.
enum OwnChains {
    /// The backends whose code in the kernel is nf_tables.
    static func backends() throws(SystemError) -> Set<BackendKind> {
        guard let socket = try NftablesPresence.socket() else { return [] }
        var result: Set<BackendKind> = []
        for table in try socket.nftables(NftablesAttribute.getTables, family: NftablesAttribute.internet)
        where table.text(NftablesAttribute.Table.name) == NftablesLowering.tableName {
            result.insert(.nftables)
        }
        for chain in try socket.nftables(NftablesAttribute.getChains, family: NftablesAttribute.every)
        where IptablesProgram.isOwnChain(chain.text(NftablesAttribute.Chain.name)) {
            result.insert(.iptablesNft)
        }
        return result
    }

    /// Whether the kernel's older code has tables that may hold chains of ours; asking the tool would make them.
    static func hasLegacyTables() throws -> Bool {
        try ["ip_tables_names", "ip6_tables_names"].contains { name in
            let tables = try HostFiles().text(of: "/proc/thread-self/net/\(name)") ?? ""
            return tables.split(separator: "\n").contains { ["filter", "nat", "mangle"].contains($0) }
        }
    }
}
