import CKernel
import Glibc
import Netlink
import Nftables
import PacketModel
import SystemPackage

/// Glances at what nf_tables keeps of ours, each thing asked for by its name: what others keep costs nothing. In the
/// namespace of the calling thread.
struct NftablesGlance {
    private typealias Attribute = NftablesAttribute

    private let socket: NetlinkSocket

    init() throws(SystemError) {
        socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
    }

    /// The names of what is in one of our tables.
    struct Names: Hashable, Sendable {
        var chains: [String] = []
        var sets: [String] = []
    }

    /// Asks for a list of all chains of the family: for once, not for every look.
    func names(in table: String) throws(SystemError) -> Names {
        let chains = try socket.nftables(Attribute.getChains).filter {
            $0.text(Attribute.Chain.table) == table
        }
        var names = Names(chains: chains.map { $0.text(Attribute.Chain.name) })
        // The sets of a table that is not there are an error, and not none.
        guard !names.chains.isEmpty else { return names }
        names.sets = try socket.nftables(Attribute.getSets, [.text(Attribute.Set.table, table)]).map {
            $0.text(Attribute.Set.name)
        }
        return names
    }

    /// Nil when the table is not there.
    func table(_ table: String, _ names: Names) throws(SystemError) -> Glance.Table? {
        let family = Attribute.internet
        let title: [NetlinkAttribute] = [.text(Attribute.Table.name, table)]
        guard let found = try socket.nftable(Attribute.getTables, title, family: family) else { return nil }
        var seen = Glance.Table(header: Self.hash(found, [Attribute.Table.flags, Attribute.Table.use]))
        for name in names.chains {
            if let chain = try chain(name, of: table, family) {
                let telling = [Attribute.Chain.hook, Attribute.Chain.policy, Attribute.Chain.use]
                seen.chains[name] = Self.hash(chain, telling)
            }
        }
        for name in names.sets {
            let title: [NetlinkAttribute] = [
                .text(Attribute.Set.table, table), .text(Attribute.Set.name, name),
            ]
            guard let set = try socket.nftable(Attribute.getSets, title, family: family) else { continue }
            // Packets fill some sets, and the clock empties some.
            let flags = set.number(Attribute.Set.flags)
            let isSteady = flags & (Attribute.Set.evaluated | Attribute.Set.timed) == 0
            seen.sets[name] = Self.hash(set, isSteady ? [Attribute.Set.count] : [])
        }
        return seen
    }

    /// What is ours in a table of iptables-nft.
    func xtables(_ table: XtablesTable, _ places: OwnPlaces.Xtables, comesFirst: Bool) throws(SystemError)
        -> Glance.Xtables
    {
        var seen = Glance.Xtables()
        let family = Self.number(of: table.family)
        let title: [NetlinkAttribute] = [.text(Attribute.Table.name, table.name)]
        guard let found = try socket.nftable(Attribute.getTables, title, family: family) else { return seen }
        seen.isAsleep = found.number(Attribute.Table.flags) & UInt32(NFT_TABLE_F_DORMANT.rawValue) != 0
        for name in places.chains {
            if let chain = try chain(name, of: table.name, family) {
                seen.chains[name] = UInt64(chain.number(Attribute.Chain.use))
            }
        }
        for (name, targets) in places.entrances {
            guard let chain = try chain(name, of: table.name, family) else { continue }
            let hook = Self.hash(chain, [Attribute.Chain.hook])
            let rules = try rules(of: name, in: table, until: comesFirst ? [] : targets)
            seen.entrances[name] = Glance.Entrance(hook: hook, rules, to: targets, comesFirst: comesFirst)
        }
        return seen
    }

    /// The first rules of a built-in chain, as many as the kernel tells at once, and on until all targets are among them.
    private func rules(of chain: String, in table: XtablesTable, until targets: [String]) throws(SystemError)
        -> [LeadingRule]
    {
        try NetlinkSocket.beginning(
            subsystem: UInt8(NFNL_SUBSYS_NFTABLES),
            message: Attribute.getRules,
            family: Self.number(of: table.family),
            attributes: [.text(Attribute.Rule.table, table.name), .text(Attribute.Rule.chain, chain)]
        ) { rules in
            targets.allSatisfy { target in rules.contains { LeadingRule($0).target == target } }
        }.map { LeadingRule($0) }
    }

    private func chain(_ name: String, of table: String, _ family: UInt8) throws(SystemError)
        -> NetlinkMessage?
    {
        let title: [NetlinkAttribute] = [
            .text(Attribute.Chain.table, table), .text(Attribute.Chain.name, name),
        ]
        return try socket.nftable(Attribute.getChains, title, family: family)
    }

    /// NFPROTO_IPV4 and NFPROTO_IPV6.
    static func number(of family: IPFamily) -> UInt8 {
        switch family {
        case .ipv4: UInt8(AF_INET)
        case .ipv6: UInt8(AF_INET6)
        }
    }

    private static func hash(_ message: NetlinkMessage, _ types: [UInt16]) -> UInt64 {
        var hash = ContentHash()
        for attribute in message.attributes where types.contains(attribute.type) {
            hash.combine(UInt128(attribute.type))
            hash.combine(attribute.value)
        }
        return hash.value
    }
}
