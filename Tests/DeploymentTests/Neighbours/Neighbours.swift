import Compiler
import PacketModel

@testable import Kernel

/// Rules of others as they stand on hosts: Docker's, libvirt's, fail2ban's and firewalld's, all in one namespace.
///
/// What must not be touched is held by ``snapshot()``: two that are equal mean that others have what they had, down to
/// counters, handles and order.
struct Neighbours: Sendable {
    let namespace: NetworkNamespace
    /// Whose tools Docker, libvirt and fail2ban use.
    let variant: IptablesVariant

    /// Loads everything; some counters begin with other values than 0.
    static func load(into namespace: NetworkNamespace, _ variant: IptablesVariant) async throws -> Neighbours
    {
        let neighbours = Neighbours(namespace: namespace, variant: variant)
        let nft = try Tool(named: "nft")
        try await nft.run(["-f", "-"], text: firewalld, in: namespace)
        try await Tool(named: "ipset").run(["restore"], text: fail2banSets, in: namespace)
        for family in IPFamily.allCases {
            for rules in [libvirt(family), docker(family), fail2ban(family)] {
                try await neighbours.restore(rules, family)
            }
        }
        try await nft.run(["-f", "-"], text: fail2banTable, in: namespace)
        return neighbours
    }

    /// Adds rules to what stands in the tables, counters too.
    func restore(_ rules: String, _ family: IPFamily) async throws {
        let program = family == .ipv4 ? "iptables" : "ip6tables"
        let restore = try Tool(named: "\(program)-\(variant.rawValue)-restore")
        try await restore.run(["--noflush", "--counters"], text: rules, in: namespace)
    }

    /// The bridge of the containers, with the container that publishes a port at its other end.
    static var bridge: TestNetwork.Link {
        func ends(_ host: UInt128) -> [TestNetwork.InterfaceAddress] {
            [
                .init(IPAddress(family: .ipv4, value: 172 << 24 | 17 << 16 | host), length: 16),
                .init(IPAddress(family: .ipv6, value: 0xFD00_0D0C << 96 | host), length: 64),
            ]
        }
        return TestNetwork.Link(name: "docker0", inside: ends(1), outside: ends(2))
    }

    /// What fail2ban has banned, in iptables and in its own table.
    static func banned(_ family: IPFamily) -> IPAddress {
        switch family {
        case .ipv4: IPAddress(family: .ipv4, value: 0xCB00_7109)
        case .ipv6: IPAddress(family: .ipv6, value: 0x2001_0DB8 << 96 | 0x9)
        }
    }
}
