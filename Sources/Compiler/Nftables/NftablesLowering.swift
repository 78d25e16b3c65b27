package import Diagnostics
package import Netfilter
import PacketModel
package import Policy

/// Lowers a policy to one nftables table, `inet wallwright`.
///
/// A packet meets, in each direction: bans, denied services, what connection tracking knows, the baseline, allows,
/// limited allows, and at last the drop. Lines of one kind stand in sets, so the way is as long for ten
/// thousand lines as for ten.
package struct NftablesLowering {
    let policy: Policy
    var sets: [NamedSet] = []
    var chains: [Chain] = []
    private var chainNames: Set<String> = []
    /// Held against published ports too.
    var inboundDenies = DenyLookups()

    package static let tableName = "wallwright"

    /// Throws the diagnostic of a policy whose lines overlap in too many ways.
    package static func lower(_ policy: Policy) throws(Diagnostic) -> Ruleset {
        var lowering = NftablesLowering(policy: policy)
        lowering.addManagementSets()
        for direction in Direction.allCases { try lowering.addHook(direction) }
        lowering.addTranslation()
        let table = Table(
            family: .inet,
            name: tableName,
            comment: "made by wallwright from \(policy.fileName): change the policy, not this table",
            sets: lowering.sets,
            chains: lowering.chains.map(\.withoutMixedInterfaces)
        )
        return Ruleset(tables: [table])
    }

    private init(policy: Policy) {
        self.policy = policy
    }

    /// Adds a chain unless there is nothing in it or it stands already; says whether it stands.
    @discardableResult
    mutating func add(_ name: String, _ rules: [Rule], comment: String? = nil) -> Bool {
        guard !rules.isEmpty else { return false }
        guard chainNames.insert(name).inserted else { return true }
        chains.append(Chain(name, comment: comment, rules: rules))
        return true
    }

    /// The addresses that bans and limits spare; the sets are there only when there are such addresses.
    private mutating func addManagementSets() {
        guard let exempt = policy.management.exemptSources else { return }
        for family in IPFamily.allCases where !exempt[family].isEmpty {
            var set = NamedSet(
                Self.managementSet(family),
                family: family,
                fields: [.source],
                comment: "management: bans and limits spare these"
            )
            for interval in exempt[family].intervals { set.append([interval], NamedSet.Attributes()) }
            sets.append(set)
        }
    }

    private static func managementSet(_ family: IPFamily) -> String {
        family == .ipv4 ? "management4" : "management6"
    }

    /// A rule for each family whose management addresses are known, looking at this end of the packet.
    func managementRules(_ field: Field, _ verdict: Verdict) -> [Rule] {
        guard let exempt = policy.management.exemptSources else { return [] }
        return IPFamily.allCases.filter { !exempt[$0].isEmpty }.map { family in
            Rule([.member([field], of: Self.managementSet(family))], [], verdict, comment: "management")
        }
    }
}

extension Direction {
    /// The hook that packets of this direction pass.
    var hookPoint: Chain.Hook.Point {
        switch self {
        case .inbound: .input
        case .outbound: .output
        case .forward: .forward
        }
    }

    /// What the names of its chains and sets begin with.
    var hookName: String { hookPoint.rawValue }

    /// The interface that a packet of this direction is seen at.
    var interfaceField: Field {
        switch self {
        case .inbound, .forward: .inputInterface
        case .outbound: .outputInterface
        }
    }
}
