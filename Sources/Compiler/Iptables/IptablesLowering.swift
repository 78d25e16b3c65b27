package import Diagnostics
package import Netfilter
package import PacketModel
package import Policy

/// Lowers a policy to chains of iptables, and to ipsets where they are to be used.
///
/// Our chains never accept: what is admitted returns to the built-in chain, where the rules of others still
/// hold. A `RETURN` leaves the innermost chain that was *jumped* to, so the stages are chained by goto;
/// only chains that can do nothing but drop are jumped to.
package struct IptablesLowering {
    let policy: Policy
    let family: IPFamily
    let usesIpset: Bool
    var chains = ChainBook()
    var sets: [NamedSet] = []
    var setNames: Set<String> = []

    /// Both families; throws the diagnostic of a policy that iptables cannot hold.
    package static func lower(_ policy: Policy, usesIpset: Bool) throws(Diagnostic) -> Ruleset {
        var result = Ruleset(tables: [])
        for family in IPFamily.allCases {
            let ruleset = try lower(policy, family: family, usesIpset: usesIpset)
            result.tables += ruleset.tables
            result.sets += ruleset.sets
        }
        return result
    }

    /// One family: the table `filter`, `nat` when the policy translates something, and `mangle` when routes are asked.
    package static func lower(
        _ policy: Policy,
        family: IPFamily,
        usesIpset: Bool
    ) throws(Diagnostic) -> Ruleset {
        var lowering = IptablesLowering(policy: policy, family: family, usesIpset: usesIpset)
        for direction in Direction.allCases { try lowering.addDirection(direction) }
        let filter = lowering.table("filter", jumps: Direction.allCases.map(\.chainName))
        lowering.chains = ChainBook()
        let jumps = lowering.addTranslation()
        var tables = jumps.isEmpty ? [filter] : [filter, lowering.table("nat", jumps: jumps)]
        lowering.chains = ChainBook()
        let early = lowering.addReversePath()
        if !early.isEmpty { tables.append(lowering.table("mangle", jumps: early)) }
        for table in tables {
            if table.longestWay > Table.longestWayInKernel { throw lowering.tooDeep }
        }
        return Ruleset(tables: tables, sets: lowering.sets)
    }

    /// What our chains in the built-in tables begin with.
    package static let prefix = IptablesProgram.chainPrefix

    /// Our chains, and the built-in ones with nothing but the jump into ours.
    private func table(_ name: String, jumps: [String]) -> Table {
        let builtIn = jumps.compactMap { chain in
            Chain.Hook(builtIn: chain, table: name).map { hook in
                Chain(chain, hook: hook, rules: [Rule([], [], .jump(Self.prefix + chain))])
            }
        }
        return Table(
            family: family == .ipv4 ? .ip : .ip6,
            name: name,
            comment: "made by wallwright from \(policy.fileName): change the policy, not these chains",
            chains: chains.all + builtIn
        )
    }

    private var tooDeep: Diagnostic {
        Diagnostic(
            code: "policy.iptables.depth",
            "the lines need more than \(Table.longestWayInKernel) chains one behind the other",
            notes: ["the kernel refuses longer ways through a ruleset"],
            fix: usesIpset ? "use the nftables backend" : "install ipset, or use the nftables backend"
        )
    }
}

extension Direction {
    /// The built-in chain of the table `filter`.
    var chainName: String {
        switch self {
        case .inbound: "INPUT"
        case .outbound: "OUTPUT"
        case .forward: "FORWARD"
        }
    }
}

extension Chain.Hook {
    /// Where a built-in chain stands (linux/netfilter_ipv4.h); nil for those that Wallwright does not use.
    fileprivate init?(builtIn name: String, table: String) {
        let known: [String: (Chain.Hook.Point, priority: Int)] = [
            "PREROUTING": (.prerouting, -100), "INPUT": (.input, 0), "FORWARD": (.forward, 0),
            "OUTPUT": (.output, 0), "POSTROUTING": (.postrouting, 100),
        ]
        guard let (point, priority) = known[name] else { return nil }
        // NF_IP_PRI_MANGLE comes before NAT, and after connection tracking.
        let isMangle = table == "mangle"
        self.init(
            kind: table == "nat" ? .nat : .filter,
            point: point,
            priority: isMangle ? -150 : priority,
            policy: .accept
        )
    }
}
