package import Netfilter
import PacketModel

extension LoadedRuleset {
    /// The ruleset in the words of the model. Its tables, chains and rules are those of ``tables`` in the order of
    /// ``BuiltInTable`` and ``LoadedTable/chainNames``.
    ///
    /// - Parameter ipsets: what is known of sets; of others it is not known what they hold.
    package func meaning(names: NameDatabase, ipsets: Ipsets = Ipsets()) -> Ruleset {
        let meaning = RuleMeaning(family: family, names: names, sets: IpsetLookup(ipsets))
        return Ruleset(
            tables: orderedTables.map { loaded in
                Table(
                    family: family == .ipv4 ? .ip : .ip6,
                    name: loaded.table.rawValue,
                    chains: loaded.chainNames.map { name in
                        let chain = loaded.chains[name]
                        return Chain(
                            name,
                            hook: loaded.table.builtInChain(name).map {
                                loaded.table.hook(of: $0, policy: chain?.policy)
                            },
                            rules: chain?.rules.map { meaning.rule($0, in: loaded.table) } ?? []
                        )
                    }
                )
            }
        )
    }

    package var orderedTables: [LoadedTable] { BuiltInTable.allCases.compactMap { tables[$0] } }
}

extension BuiltInTable {
    /// A chain that the kernel enters; nil for one of somebody's own, which may have the name of another table's.
    fileprivate func builtInChain(_ name: String) -> BuiltInChain? {
        chains.first { $0.rawValue == name }
    }

    /// Where the kernel enters the chain (linux/netfilter_ipv4.h, `enum nf_ip_hook_priorities`).
    fileprivate func hook(of chain: BuiltInChain, policy: String?) -> Chain.Hook {
        Chain.Hook(
            kind: self == .nat ? .nat : self == .mangle && chain == .output ? .route : .filter,
            point: chain.point,
            priority: priority(at: chain),
            policy: policy == "DROP" ? .drop : .accept
        )
    }

    private func priority(at chain: BuiltInChain) -> Int {
        switch self {
        case .raw: -300
        case .mangle: -150
        case .nat: chain == .prerouting || chain == .output ? -100 : 100
        case .filter: 0
        // The nf_tables variant; the legacy one has it before NAT, at 50.
        case .security: 150
        }
    }
}

extension BuiltInChain {
    fileprivate var point: Chain.Hook.Point {
        switch self {
        case .prerouting: .prerouting
        case .input: .input
        case .forward: .forward
        case .output: .output
        case .postrouting: .postrouting
        }
    }
}
