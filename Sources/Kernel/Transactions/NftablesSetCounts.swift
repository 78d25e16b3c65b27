import CKernel
import Netlink
import Nftables

/// How much is in the sets of nftables, as the kernel tells it without showing the elements.
package enum NftablesSetCounts {
    /// By `inet f2b-table addr-set-sshd`; a set that an older kernel does not count is missing.
    package static func read(in namespace: NetworkNamespace? = nil) async throws -> [String: Int] {
        try await NetworkNamespace.run(in: namespace) {
            let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
            var counts: [String: Int] = [:]
            for set in try socket.nftables(NftablesAttribute.getSets, family: NftablesAttribute.every) {
                guard let family = NamedTables.families.first(where: { $0.value == set.family })?.key,
                    let count = set.attribute(NftablesAttribute.Set.count)?.integer(UInt32.self)
                else { continue }
                let table = set.text(NftablesAttribute.Set.table)
                counts["\(family) \(table) \(set.text(NftablesAttribute.Set.name))"] = Int(count)
            }
            return counts
        }
    }
}
