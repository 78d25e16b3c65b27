package import Compiler
package import PacketModel

/// A table of iptables, by the code that keeps it.
package struct XtablesTable: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var variant: IptablesVariant
    package var family: IPFamily
    package var name: String

    package var description: String { "\(family.rawValue) table \(name)" }

    package static func < (left: XtablesTable, right: XtablesTable) -> Bool {
        (left.variant.rawValue, left.description) < (right.variant.rawValue, right.description)
    }
}

/// Where things of ours stand in a kernel, by their names: what a look asks for, whatever else is there.
package struct OwnPlaces: Hashable, Sendable {
    /// What is ours in a table of iptables.
    package struct Xtables: Hashable, Sendable {
        package var chains: Set<String> = []
        /// The chains of ours that each built-in chain leads to.
        package var entrances: [String: [String]] = [:]
    }

    /// Tables of nf_tables, in the family `inet`.
    package var tables: Set<String> = []
    package var xtables: [XtablesTable: Xtables] = [:]
    /// Whether a rule of somebody else before the way to ours counts.
    package var comesFirst = true

    package var isEmpty: Bool { tables.isEmpty && xtables.isEmpty }

    /// Those of a firewall.
    package init(of firewall: Firewall) {
        if firewall.nftables != nil { tables = [NftablesLowering.tableName] }
        for (variant, program) in firewall.iptables {
            for family in IPFamily.allCases { add(program[family], variant, family) }
        }
    }

    /// Those of bans; none where nothing is banned.
    package init(of bans: [Ban], on backend: BackendKind) {
        comesFirst = false
        guard !bans.isEmpty else { return }
        guard let variant = backend.variant else {
            tables = [BanPrograms.table]
            return
        }
        let entrances = Dictionary(
            uniqueKeysWithValues: BanPrograms.entrances.map { ($0, [BanPrograms.chain]) }
        )
        for family in Set(bans.map(\.prefix.family)) {
            let table = XtablesTable(variant: variant, family: family, name: "filter")
            xtables[table] = Xtables(chains: [BanPrograms.chain], entrances: entrances)
        }
    }

    private mutating func add(
        _ program: IptablesProgram.Family,
        _ variant: IptablesVariant,
        _ family: IPFamily
    ) {
        func table(_ name: String) -> XtablesTable {
            XtablesTable(variant: variant, family: family, name: name)
        }
        for (name, chains) in program.chains {
            xtables[table(name), default: Xtables()].chains = Set(chains.map(String.init))
        }
        for jump in program.jumps {
            guard let target = jump.target else { continue }
            xtables[table(jump.table), default: Xtables()].entrances[jump.chain, default: []].append(target)
        }
    }
}

extension IptablesProgram.Jump {
    /// The chain that it leads to.
    var target: String? {
        words.lastIndex { $0 == "-j" || $0 == "-g" }.flatMap { words.dropFirst($0 + 1).first }
    }
}
