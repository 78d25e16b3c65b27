import CKernel
import Compiler
package import Netlink
import Nftables
import PacketModel
import SystemPackage

/// Looks after what is ours at certain places, in the namespace of the thread that made it, which must be that of every
/// caller. What others keep beside it costs nothing; without a change a look is one number and a few sizes.
package final class Lookout {
    package let places: OwnPlaces
    private let clock: RulesetClock?
    private let legacy: [XtablesTable: LegacySocket]
    private var names: [String: NftablesGlance.Names] = [:]
    /// What was told at the last ``hasMoved()``.
    private var number: UInt32?
    private var outlines: [XtablesTable: LegacySocket.Info] = [:]

    package init(_ places: OwnPlaces) throws(SystemError) {
        self.places = places
        let hasNftables = !places.tables.isEmpty || places.xtables.keys.contains { $0.variant == .nft }
        clock = hasNftables ? try RulesetClock.open() : nil
        var legacy: [XtablesTable: LegacySocket] = [:]
        for table in places.xtables.keys where table.variant == .legacy {
            legacy[table] = try LegacySocket(table.family)
        }
        self.legacy = legacy
    }

    /// Whether ``hasMoved()`` tells every change: the older tables tell only of those that change how much there is.
    package var tellsChanges: Bool { legacy.isEmpty }

    /// Whether anything may be otherwise than when it was last asked.
    package func hasMoved() throws(SystemError) -> Bool {
        var hasMoved = false
        if let now = try clock?.number(), now != number {
            number = now
            hasMoved = true
        }
        for (table, socket) in legacy {
            let now = try socket.info(of: table.name)
            if now != outlines[table] {
                outlines[table] = now
                hasMoved = true
            }
        }
        return hasMoved
    }

    /// The cheap look, for whatever moved.
    package func glance() throws(SystemError) -> Glance {
        try steadily { () throws(SystemError) in try glanceOnce() }
    }

    /// All that matters to packets, at the cost of what is ours.
    package func contents() throws(SystemError) -> FirewallListing {
        try steadily { () throws(SystemError) in try contentsOnce() }
    }

    /// Learns which chains and sets our tables have, from now on asked for by these names.
    package func learnNames() throws(SystemError) {
        guard clock != nil else { return }
        let nftables = try NftablesGlance()
        for table in places.tables {
            names[table] = try NetlinkSocket.whileReplaced { () throws(SystemError) in
                try nftables.names(in: table)
            }
        }
    }

    /// What is read while others change the ruleset is read again; after a few times it counts all the same.
    private func steadily<Value>(_ read: () throws(SystemError) -> Value) throws(SystemError) -> Value {
        for _ in 0..<Self.secondReadings {
            let before = try clock?.number()
            let value = try read()
            if try clock?.number() == before { return value }
        }
        return try read()
    }

    private static let secondReadings = 3

    private func glanceOnce() throws(SystemError) -> Glance {
        var glance = Glance()
        if clock != nil {
            let nftables = try NftablesGlance()
            for table in places.tables {
                glance.tables[table] = try nftables.table(table, names[table] ?? NftablesGlance.Names())
            }
            for (table, places) in self.places.xtables where table.variant == .nft {
                glance.xtables[table] = try nftables.xtables(
                    table,
                    places,
                    comesFirst: self.places.comesFirst
                )
            }
        }
        for (table, socket) in legacy {
            glance.xtables[table] = try read(table, by: socket).glance
        }
        return glance
    }

    private func contentsOnce() throws(SystemError) -> FirewallListing {
        var listing = FirewallListing()
        for table in places.tables.sorted() where clock != nil {
            listing.parts += try NftablesListing.read(table: table, chains: names[table]?.chains).parts
        }
        for table in places.xtables.keys.sorted() {
            if let socket = legacy[table] {
                listing.parts += try read(table, by: socket).parts
            } else if clock != nil {
                listing.parts += try nftablesParts(of: table)
            }
        }
        return listing
    }

    private func nftablesParts(of table: XtablesTable) throws(SystemError) -> [FirewallListing.Part] {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        var parts: [FirewallListing.Part] = []
        for chain in places.xtables[table]?.chains.sorted() ?? [] {
            let title: [NetlinkAttribute] = [
                .text(NftablesAttribute.Rule.table, table.name), .text(NftablesAttribute.Rule.chain, chain),
            ]
            let family = NftablesGlance.number(of: table.family)
            do throws(SystemError) {
                let rules = try socket.nftables(NftablesAttribute.getRules, title, family: family)
                parts.append(.init("chain \(chain) of \(table)", ContentHash()))
                for (number, rule) in rules.enumerated() {
                    let name = "rule \(number + 1) of chain \(chain) of \(table)"
                    parts.append(.init(name, NftablesListing.content(ofRule: rule, rule.attributes)))
                }
            } catch {
                // The table or the chain is not there.
                guard error.errno == .noSuchFileOrDirectory else { throw error }
            }
        }
        return parts
    }

    private func read(_ table: XtablesTable, by socket: LegacySocket) throws(SystemError) -> LegacyGlance {
        let places = places.xtables[table] ?? OwnPlaces.Xtables()
        guard let (info, bytes) = try socket.entries(of: table.name) else { return LegacyGlance() }
        let rules = LegacyTable(info, bytes, table.family)
        return LegacyGlance(rules, places, of: table, comesFirst: self.places.comesFirst)
    }
}
