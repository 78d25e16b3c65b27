import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// The same packets past the neighbours, without ours and with it.
@Suite(.needsRoot) struct NeighbourPacketsKernelTests {
    @Test(arguments: IptablesVariant.allCases, NeighbourBackend.allCases)
    func theyCountTheSamePackets(_ variant: IptablesVariant, _ backend: NeighbourBackend) async throws {
        let (plain, ours) = (try await Self.counts(variant, nil), try await Self.counts(variant, backend))
        #expect(plain == ours)
        for family in IPFamily.allCases {
            #expect(plain.contains { $0.key.hasPrefix("\(family) filter -A f2b-sshd -s") && $0.value == 1 })
            #expect(plain.contains { $0.key.contains("--dport 8080 -j DNAT") && $0.value == 2 })
        }
    }

    /// A packet changes a snapshot as much as a hand does.
    @Test(arguments: IptablesVariant.allCases)
    func aCountedPacketIsSeen(_ variant: IptablesVariant) async throws {
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1), Neighbours.bridge])
        let neighbours = try await Neighbours.load(into: network.inside, variant)
        let before = try await neighbours.snapshot()
        _ = try await Laboratory(network).run(try Self.probes(.ipv4, to: network))
        let difference = Neighbours.difference(before, try await neighbours.snapshot())
        #expect(difference.contains { $0.hasPrefix("+ ") && $0.contains("-A f2b-sshd -s") })
    }

    /// How many packets each rule counted: `ipv4 filter -A INPUT …`.
    private static func counts(_ variant: IptablesVariant, _ backend: NeighbourBackend?) async throws
        -> [String: Int]
    {
        let network = try await TestNetwork.make(links: [.init(name: "eth0", number: 1), Neighbours.bridge])
        let neighbours = try await Neighbours.load(into: network.inside, variant)
        try await backend?.commit(Neighbours.policy, in: network.inside)
        let before = try await neighbours.packets()
        let probes = try IPFamily.allCases.flatMap { try Self.probes($0, to: network) }
        _ = try await Laboratory(network, window: .milliseconds(400)).run(probes)
        let after = try await neighbours.packets()
        return after.filter { rule, _ in
            // What a host sends by itself (reports of multicast listeners) comes at its own time.
            !["OUTPUT", "POSTROUTING"].contains { rule.contains("-A \($0) ") }
        }.map { ($0, $1 - before[$0, default: 0]) }.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    /// One packet from a banned address, one from another, and two to a published port.
    private static func probes(_ family: IPFamily, to network: TestNetwork) throws -> [Probe] {
        let host = try #require(network.link("eth0")?.insideAddress(family))
        let banned = Neighbours.banned(family)
        let other = IPAddress(family: family, value: banned.value + 1)
        func opening(_ source: IPAddress, _ ports: (UInt16, UInt16)) -> WirePacket {
            let header = WirePacket.TCPHeader(source: ports.0, destination: ports.1, flags: .syn)
            return WirePacket(from: source, to: host, .tcp(header))
        }
        return [banned, other].map { .inbound(opening($0, (20_000, 22)), on: "eth0") }
            + [20_001, 20_002].map {
                .forwarded(opening(other, ($0, 8_080)), on: "eth0", leaving: "docker0")
            }
    }
}
