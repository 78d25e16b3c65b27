import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What is confirmed after `enable` is what the next boot loads.
@Suite(.needsRoot) struct RefreshTests {
    @Test(arguments: Software.allCases)
    func theNextConfirmationCounts(_ way: Software) async throws {
        let host = try PersistentHost([way])
        let backend = way.backends[0]
        try await host.confirm(EnablingTests.lines, backend)
        let before = try host.tree()
        try await host.enable()
        let (number, digest) = try await host.confirm(RebootTests.lines, backend, usesIpset: false)
        try await Persistence.refresh(after: number, in: .make(at: host.state))
        let boot = try await host.boot(try RebootTests.command(of: way, host))
        #expect(try await boot.digest() == digest)
        #expect(try await PersistenceStatus.read(state: host.state).next == .generation(2))
        _ = try await host.persistence().disable()
        let after = try host.tree()
        #expect(before.allSatisfy { after[$0.key] == $0.value })
    }

    @Test(arguments: Software.allCases)
    func aRemovalLeavesNothing(_ way: Software) async throws {
        let host = try PersistentHost([way])
        try await host.confirm(EnablingTests.lines, way.backends[0])
        try await host.enable()
        let number = try host.confirm(.remove, .none, nil, nil)
        try await Persistence.refresh(after: number, in: .make(at: host.state))
        let boot = try await host.boot(try RebootTests.command(of: way, host))
        #expect(try await boot.digest() == FirewallListing().digest)
        #expect(try await PersistenceStatus.read(state: host.state).next == .removed(2))
    }

    @Test func aCopyThatCannotBeMadeIsSaid() async throws {
        let host = try PersistentHost([.nftables])
        try await host.confirm(EnablingTests.lines, .nftables)
        try await host.enable()
        let (number, _) = try await host.confirm(EnablingTests.lines, .iptablesNft)
        let error = await #expect(throws: ChangeError.self) {
            try await Persistence.refresh(after: number, in: .make(at: host.state))
        }
        #expect(
            error?.description.hasPrefix("the next boot still loads generation 1, not generation 2") == true
        )
        let status = try await PersistenceStatus.read(state: host.state)
        #expect(status.next == .generation(1))
        #expect(!status.isSound)
    }

    @Test func whereNothingIsEnabledNothingIsDone() async throws {
        let host = try PersistentHost([.systemd])
        let (number, _) = try await host.confirm(EnablingTests.lines, .nftables)
        let before = try host.tree()
        try await Persistence.refresh(after: number, in: .make(at: host.state))
        #expect(try host.tree() == before)
        #expect(try await PersistenceStatus.read(state: host.state).next == .nothing)
    }
}
