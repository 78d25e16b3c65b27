import Compiler
import Glibc
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What a limit costs when forged packets come from more sources than the kernel keeps.
@Suite(.needsRoot, .serialized) struct FullTableFacts {
    /// In the table of each backend.
    private static let room = 65_536
    private static let policy = "inbound:\n  - allow: udp/9\n    limit: 3/hour per source\n"

    /// Datagrams from so many sources, each from one of its own, by a raw socket outside.
    private func flood(_ scene: Scene, _ count: Int) async throws {
        let host = try scene.host(.ipv4)
        try await scene.network.outside.run {
            let world = try OutsideWorld(scene.network)
            for number in 0..<count {
                let source = IPAddress(family: .ipv4, value: 11 << 24 | UInt128(number))
                let packet = WirePacket(from: source, to: host, .udp(source: 4_000, destination: 9))
                try world.inject(packet, on: "eth0")
                // The queue of the other end is short.
                if number % 256 == 255 { usleep(500) }
            }
        }
    }

    @Test(arguments: [BackendKind.nftables, .iptablesNft])
    func aFullTableRefusesNewSources(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply(Self.policy, backend)
        let (known, fresh) = (IPFamily.ipv4.foreign(5), IPFamily.ipv4.foreign(6))
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: known)) == 1)
        try await flood(scene, Self.room + 4_000)
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: fresh)) == 0)
        // Whoever is in the table stays in it, and so does their rate.
        #expect(try await scene.passes(scene.datagrams(4, to: 9, from: known)) == 2)
    }

    /// Their buckets are forgotten when they are full again; that they were admitted is not.
    @Test func whoWasAdmittedBeforeIsAdmittedStill() async throws {
        let scene = try await Scene()
        try await scene.apply(Self.policy, .nftables)
        let (known, fresh) = (IPFamily.ipv4.foreign(5), IPFamily.ipv4.foreign(6))
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: known)) == 1)
        let set = "input_limited_1_bucket4"
        try await Tool(named: "nft").run(
            ["flush", "set", "inet", "wallwright", set],
            in: scene.network.inside
        )
        try await flood(scene, Self.room + 4_000)
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: fresh)) == 0)
        #expect(try await scene.passes(scene.datagrams(5, to: 9, from: known)) == 2)
    }
}
