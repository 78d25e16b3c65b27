import Compiler
import PacketModel

@testable import Deployment
@testable import Kernel

extension Neighbours {
    /// What the guide types, and what a person writes into DOCKER-USER.
    static func besideAPerson(
        into namespace: NetworkNamespace? = nil,
        _ variant: IptablesVariant
    ) async throws -> Neighbours {
        let fresh = try await NetworkNamespace.make()
        let host = try await Neighbours.load(into: namespace ?? fresh, variant)
        try await Tool(named: "ipset").run(["create", "mine", "hash:net"], in: host.namespace)
        try await Tool(named: "ipset").run(["add", "mine", "192.0.2.0/24"], in: host.namespace)
        for family in IPFamily.allCases {
            let set = family == .ipv4 ? "-A INPUT -m set --match-set mine src -j DROP\n" : ""
            try await host.restore(
                "*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n\(set)"
                    + "-A INPUT -p tcp -m tcp --dport 22 -m comment --comment \"my own\" -j ACCEPT\nCOMMIT\n",
                family
            )
        }
        try await Tool(named: "nft").run(
            ["-f", "-"],
            text:
                "table inet mine { chain input { type filter hook input priority 5; tcp dport 23 drop; }\n}\n",
            in: host.namespace
        )
        return host
    }

    func save(
        into root: PersistentHost,
        _ way: SaveWay? = nil,
        everyone: Bool = false
    ) async throws -> RuleSaving.Report {
        let record = try PersistenceRecord.read(from: .make(at: root.state))
        return try await RuleSaving(root: root.root, namespace: namespace)
            .save(using: way, everyone: everyone, besides: record, for: .ofSSH)
    }
}

extension HostFacts {
    /// A host that is reached by SSH, and from whose console is asked.
    static let ofSSH = HostFacts(
        listeners: [],
        connections: [],
        session: LoginSession(connection: nil, start: .zero),
        sshPorts: [22],
        bridges: []
    )
}
