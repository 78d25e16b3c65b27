import CKernel
import Compiler
import Glibc
import Netlink
import Nftables
import PacketModel

/// Our table as the kernel holds it, read through netlink in the namespace of the calling thread: expression by
/// expression, where the listings of nft leave out what they take for a default.
struct NftablesListing {
    private let socket: NetlinkSocket
    private let table: String
    /// The table whose copy this one is; it is listed as that one would be.
    private let original: String?
    private let family: UInt8
    /// Whether sets are read whose elements end by themselves.
    private let withTimed: Bool
    /// The chains that are asked for by name; nil for all that the table has. The kernel lists those of every table of a
    /// family, and others may have many.
    private let chains: [String]?
    private var parts: [FirewallListing.Part] = []

    /// Empty when the table, or all of nf_tables, is not there.
    static func read(
        table: String = NftablesLowering.tableName,
        asCopyOf original: String? = nil,
        family: UInt8 = NftablesAttribute.internet,
        withTimed: Bool = true,
        chains: [String]? = nil
    ) throws(SystemError) -> FirewallListing {
        try NetlinkSocket.whileReplaced { () throws(SystemError) in
            guard let socket = try NftablesPresence.socket() else { return FirewallListing() }
            var listing = NftablesListing(
                socket: socket,
                table: table,
                original: original,
                family: family,
                withTimed: withTimed,
                chains: chains
            )
            try listing.addTable()
            if !listing.parts.isEmpty {
                try listing.addSets()
                try listing.addChains()
                try listing.addRules()
            }
            return FirewallListing(parts: listing.parts)
        }
    }

    private mutating func addTable() throws(SystemError) {
        for table in try socket.nftables(NftablesAttribute.getTables, family: family)
        where table.text(NftablesAttribute.Table.name) == self.table {
            parts.append(
                .init(
                    "the table",
                    Self.hash(
                        awake(named(table.attributes, NftablesAttribute.Table.name)),
                        without: [NftablesAttribute.Table.handle, NftablesAttribute.Table.use]
                    )
                )
            )
        }
    }

    private mutating func addChains() throws(SystemError) {
        for chain in try chainMessages().sorted(by: {
            $0.text(NftablesAttribute.Chain.name) < $1.text(NftablesAttribute.Chain.name)
        }) {
            let passing: Set<UInt16> = [
                NftablesAttribute.Chain.handle, NftablesAttribute.Chain.use, NftablesAttribute.Chain.counters,
                NftablesAttribute.Chain.id,
            ]
            let hash = Self.hash(named(chain.attributes, NftablesAttribute.Chain.table), without: passing)
            parts.append(.init("chain \(chain.text(NftablesAttribute.Chain.name))", hash))
        }
    }

    private func chainMessages() throws(SystemError) -> [NetlinkMessage] {
        guard let chains else {
            return try socket.nftables(NftablesAttribute.getChains, family: family).filter {
                $0.text(NftablesAttribute.Chain.table) == table
            }
        }
        var result: [NetlinkMessage] = []
        for name in chains {
            let title: [NetlinkAttribute] = [
                .text(NftablesAttribute.Chain.table, table), .text(NftablesAttribute.Chain.name, name),
            ]
            let chain = try socket.nftable(NftablesAttribute.getChains, title, family: family)
            if let chain { result.append(chain) }
        }
        return result
    }

    private mutating func addRules() throws(SystemError) {
        let rules = try socket.nftables(
            NftablesAttribute.getRules,
            [.text(NftablesAttribute.Rule.table, table)],
            family: family
        )
        for (chain, rules) in Dictionary(grouping: rules, by: { $0.text(NftablesAttribute.Rule.chain) })
            .sorted(by: { $0.key < $1.key })
        {
            for (number, rule) in rules.enumerated() {
                let attributes = named(rule.attributes, NftablesAttribute.Rule.table)
                let hash = Self.content(ofRule: rule, attributes)
                let comment =
                    rule.attribute(NftablesAttribute.Rule.userData)?.comment.map { " (\($0))" } ?? ""
                parts.append(.init("rule \(number + 1) of chain \(chain)\(comment)", hash))
            }
        }
    }

    /// All of a rule that matters to packets.
    static func content(ofRule rule: NetlinkMessage, _ attributes: [NetlinkAttribute]) -> ContentHash {
        var hash = hash(attributes, without: passingOfRules)
        for expression in rule.nested(NftablesAttribute.Rule.expressions) {
            combine(expression, into: &hash)
        }
        return hash
    }

    private mutating func addSets() throws(SystemError) {
        let sets = try socket.nftables(
            NftablesAttribute.getSets,
            [.text(NftablesAttribute.Set.table, table)],
            family: family
        )
        for set in sets.sorted(by: {
            $0.text(NftablesAttribute.Set.name) < $1.text(NftablesAttribute.Set.name)
        }) {
            let name = set.text(NftablesAttribute.Set.name)
            let passing: Set<UInt16> = [
                NftablesAttribute.Set.id, NftablesAttribute.Set.handle, NftablesAttribute.Set.padding,
                NftablesAttribute.Set.expression, NftablesAttribute.Set.expressions,
                // Newer kernels tell how the set is kept and how much is in it.
                NftablesAttribute.Set.kind, NftablesAttribute.Set.count,
            ]
            var hash = Self.hash(named(set.attributes, NftablesAttribute.Set.table), without: passing)
            if let expression = set.attribute(NftablesAttribute.Set.expression) {
                Self.combine(expression, into: &hash)
            }
            for expression in set.nested(NftablesAttribute.Set.expressions) {
                Self.combine(expression, into: &hash)
            }
            parts.append(.init("set \(name)", hash))
            // Packets fill these.
            let flags = set.number(NftablesAttribute.Set.flags)
            if flags & NftablesAttribute.Set.evaluated != 0 { continue }
            if flags & NftablesAttribute.Set.timed != 0 && !withTimed { continue }
            parts.append(.init("the elements of set \(name)", try elements(of: name)))
        }
    }

    private func elements(of set: String) throws(SystemError) -> ContentHash {
        let attributes: [NetlinkAttribute] = [
            .text(NftablesAttribute.ElementList.table, table),
            .text(NftablesAttribute.ElementList.set, set),
        ]
        var hashes: [UInt64] = []
        for message in try socket.nftables(NftablesAttribute.getElements, attributes, family: family) {
            for element in message.nested(NftablesAttribute.ElementList.elements) {
                hashes.append(Self.hash(element.nested, without: Self.passingOfElements).value)
            }
        }
        // The kernel lists them in the order of its hash, which is another in each set.
        var hash = ContentHash()
        for element in hashes.sorted() { hash.combine(UInt128(element)) }
        return hash
    }

    /// The attributes of a thing in a copy as they are in the table that the copy is of; `type` says the table.
    private func named(_ attributes: [NetlinkAttribute], _ type: UInt16) -> [NetlinkAttribute] {
        guard let original else { return attributes }
        return attributes.map { $0.type == type ? .text(type, original) : $0 }
    }

    /// Of a copy, which sleeps: the flags of a table that does not.
    private func awake(_ attributes: [NetlinkAttribute]) -> [NetlinkAttribute] {
        guard original != nil else { return attributes }
        let flags = NftablesAttribute.Table.flags
        return attributes.map { $0.type == flags ? NetlinkAttribute(flags, UInt32(0).bytes) : $0 }
    }

    /// What is another in each kernel.
    private static let passingOfRules: Set<UInt16> = [
        NftablesAttribute.Rule.handle, NftablesAttribute.Rule.position, NftablesAttribute.Rule.expressions,
    ]
    private static let passingOfElements: Set<UInt16> = [
        NftablesAttribute.Element.expiration, NftablesAttribute.Element.timeout,
        NftablesAttribute.Element.expression, NftablesAttribute.Element.expressions,
        NftablesAttribute.Element.padding,
    ]

    /// A hash of attributes in the order of their types, and of what they say.
    private static func hash(_ attributes: [NetlinkAttribute], without passing: Set<UInt16>) -> ContentHash {
        var hash = ContentHash()
        for attribute in attributes where !passing.contains(attribute.type) {
            hash.combine(UInt128(attribute.type))
            hash.combine(UInt128(attribute.value.count))
            hash.combine(attribute.value)
        }
        return hash
    }

    /// An expression without what it has counted.
    private static func combine(_ expression: NetlinkAttribute, into hash: inout ContentHash) {
        let isCounter =
            expression.nested.first { $0.type == NftablesAttribute.Expression.name }?.text == "counter"
        for attribute in expression.nested {
            if isCounter && attribute.type == NftablesAttribute.Expression.data { continue }
            hash.combine(UInt128(attribute.type))
            hash.combine(attribute.value)
        }
    }
}
