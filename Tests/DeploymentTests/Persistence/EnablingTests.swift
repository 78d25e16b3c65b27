import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

@Suite(.needsRoot) struct EnablingTests {
    static let lines = "inbound:\n  - allow: [ssh, http]\n"

    @Test(arguments: Software.withBackends)
    func twiceIsOnceAndDisableLeavesNothing(_ way: Software, _ backend: BackendKind) async throws {
        let host = try PersistentHost([way])
        try await host.confirm(Self.lines, backend)
        let before = try host.tree()
        let report = try await host.enable()
        #expect(report.way == way.rawValue)
        let once = try host.tree()
        #expect(once != before)
        try await host.enable()
        #expect(try host.tree() == once)
        #expect(try await host.persistence().disable()?.way == way.rawValue)
        #expect(try host.tree() == before)
        #expect(try await host.persistence().disable() == nil)
    }

    @Test(arguments: Software.allCases)
    func theWayIsChosenOrNamed(_ way: Software) async throws {
        let host = try PersistentHost(Software.allCases)
        try await host.confirm(Self.lines, way.backends[0])
        #expect(try host.persistence().choose(nil).name == "systemd")
        #expect(try await host.enable(way.rawValue).way == way.rawValue)
        let other = way == .runit ? "openrc" : "runit"
        await #expect(throws: ChangeError.self) { try await host.enable(other) }
        await #expect(throws: ChangeError.self) { try await host.persistence().disable(named: other) }
    }

    @Test func aRootWithoutTheSoftwareNamesTheWaysThatAreThere() async throws {
        let host = try PersistentHost([.runit, .nftables])
        let error = await #expect(throws: ChangeError.self) { try await host.enable("netfilter-persistent") }
        #expect(
            error?.description == """
                netfilter-persistent cannot be used: netfilter-persistent is not installed
                these are there: runit (a script of runit's first stage, as on Void), \
                nftables (a line in the file that nftables.service loads)
                """
        )
        let bare = try PersistentHost([])
        let nothing = await #expect(throws: ChangeError.self) { try await bare.enable() }
        for way in Persistence.names { #expect(nothing?.description.contains("  \(way): ") == true) }
        await #expect(throws: ChangeError.self) { try await host.enable("cron") }
    }

    @Test(arguments: [(Software.nftables, BackendKind.iptablesNft), (.iptablesServices, .nftables)])
    func aCopyIsRefusedToTheOtherBackend(_ way: Software, _ backend: BackendKind) async throws {
        let host = try PersistentHost([way])
        let before = try host.tree()
        await #expect(throws: ChangeError.self) { try await host.enable() }
        try await host.confirm(Self.lines, backend)
        let error = await #expect(throws: ChangeError.self) { try await host.enable() }
        #expect(error?.description.contains("do: wallwright enable --using systemd") == true)
        #expect(try host.tree() == before)
    }

    @Test(arguments: [
        "/home/me/wallwright", "/usr/bin/missing", "relative", "/usr/bin/a b", "/usr/bin/$(id)",
    ])
    func aProgramThatABootCannotRelyOnIsRefused(_ program: String) async throws {
        let host = try PersistentHost([.systemd])
        await #expect(throws: ChangeError.self) {
            try await host.persistence().enable(using: nil, program: program)
        }
    }

    @Test func theImageOfAHostThatHasConfirmedNothingMayBePrepared() async throws {
        let host = try PersistentHost([.systemd])
        let report = try await host.enable()
        #expect(
            report.notes == ["nothing is confirmed here: until then a boot lets SSH in and drops the rest"]
        )
        let status = try await PersistenceStatus.read(state: host.state)
        #expect(status.next == .minimum && status.isSound)
    }
}
