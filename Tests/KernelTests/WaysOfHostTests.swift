import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct WaysOfHostTests {
    private static let links = (1...2).map { TestNetwork.Link(name: "eth\($0)", number: UInt8($0)) }

    @Test func networksOfTheirOwnAndOneWayToTheRestArePlain() async throws {
        let network = try await TestNetwork.make(links: Self.links)
        let ways = try await network.inside.run { try WaysOfHost.read() }
        #expect(Set(ways.networks.map(\.interface)) == ["eth1", "eth2"])
        #expect(ways.defaults == ["eth1", "eth1"])
        #expect(ways.isPlain)
    }

    @Test(arguments: [
        "route add default via 198.18.2.2 dev eth2 metric 9", "rule add fwmark 1 table 7",
        "route add 192.0.2.0/24 nexthop via 198.18.1.2 nexthop via 198.18.2.2",
    ])
    func whatChoosesWaysIsSeen(command: String) async throws {
        let network = try await TestNetwork.make(links: Self.links)
        try await network.ip([command], in: network.inside)
        let ways = try await network.inside.run { try WaysOfHost.read() }
        #expect(!ways.isPlain)
    }
}
