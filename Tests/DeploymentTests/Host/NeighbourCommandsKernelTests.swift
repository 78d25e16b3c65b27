import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Kernel

/// Others have what they had, after every command.
@Suite(.needsRoot) struct NeighbourCommandsKernelTests {
    @Test(arguments: IptablesVariant.allCases, BackendKind.allCases)
    func noCommandTouchesThem(_ variant: IptablesVariant, _ backend: BackendKind) async throws {
        // Without links no packet comes by that would be counted.
        let host = try await TestHost.make(links: [])
        let neighbours = try await Neighbours.load(into: host.network.inside, variant)
        let before = try await neighbours.snapshot()
        func compare(_ what: String) async throws {
            let difference = Neighbours.difference(before, try await neighbours.snapshot())
            #expect(difference == [], "after \(what)")
        }
        let path = try host.policy("outbound:\n  - allow: any\n\(Neighbours.policy)")
        let applied = try await host.run("apply", path, "--backend", backend.rawValue)
        #expect(applied.status == 0, "\(applied)")
        try await compare("apply")
        #expect(try await host.confirm(try applied.ticket).status == 0)
        try await compare("confirm")
        _ = try await host.apply(TestHost.ssh, on: backend)
        try await compare("the next apply")
        #expect(try await host.run("rollback").status == 0)
        try await compare("rollback")
        #expect(try await host.run("ban", "192.0.2.9").status == 0)
        try await compare("ban")
        let removed = try await host.run("remove")
        try await compare("remove")
        #expect(try await host.confirm(try removed.ticket).status == 0)
        try await compare("its confirmation")
        #expect(try await host.firewall.listing().isEmpty)
    }
}
