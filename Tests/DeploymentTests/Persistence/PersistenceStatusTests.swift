import Compiler
import Diagnostics
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

@Suite(.needsRoot) struct PersistenceStatusTests {
    @Test func itSaysWhatComesAndByWhichWay() async throws {
        let host = try PersistentHost([.systemd])
        try await host.confirm(EnablingTests.lines, .nftables)
        #expect(
            try await PersistenceStatus.read(state: host.state).lines
                == ["the next boot loads nothing; do: sudo wallwright enable"]
        )
        try await host.enable()
        let status = try await PersistenceStatus.read(state: host.state)
        #expect(status.lines == ["the next boot loads generation 1, by systemd"])
        #expect(status.json["loads"] == "generation")
        #expect(status.json["way"] == "systemd")
        #expect(status.isSound)
    }

    @Test func whatSomebodyTookAwayIsNamed() async throws {
        let host = try PersistentHost([.systemd])
        try await host.confirm(EnablingTests.lines, .nftables)
        try await host.enable()
        let link = "\(host.root)/etc/systemd/system/sysinit.target.wants/wallwright.service"
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.removeItem(atPath: host.root + PersistentHost.program)
        let status = try await PersistenceStatus.read(state: host.state)
        #expect(!status.isSound)
        #expect(
            status.problems == [
                "\(link) is not as it was written",
                "there is no program \(host.root)/usr/local/bin/wallwright",
                "do: wallwright enable writes it anew",
            ]
        )
    }

    /// The way that is ours is no rival.
    @Test func rivalsAreNamedWithTheirCommand() async throws {
        let host = try PersistentHost([.systemd, .nftables])
        try host.write("/etc/ufw/ufw.conf", "ENABLED=yes\n")
        try host.write("/etc/nftables.conf", "flush ruleset\n")
        try host.write("/etc/systemd/system/multi-user.target.wants/nftables.service", "")
        try host.write("/etc/systemd/system/multi-user.target.wants/firewalld.service", "")
        try host.write("/etc/systemd/system/multi-user.target.wants/netfilter-persistent.service", "")
        try host.write("/etc/iptables/rules.v4", "*filter\n:WALLWRIGHT-INPUT - [0:0]\nCOMMIT\n")
        try await host.confirm(EnablingTests.lines, .nftables)
        try await host.enable()
        let status = try await PersistenceStatus.read(state: host.state)
        let names = ["ufw", "firewalld", "nftables", "netfilter-persistent"]
        #expect(status.rivals.map(\.code) == names.map { "preflight.manager.\($0)" })
        #expect(status.lines.filter { $0.hasPrefix("do: ") }.count == names.count)
        _ = try await host.persistence().disable()
        try await host.enable("nftables")
        let codes = try await PersistenceStatus.read(state: host.state).rivals.map(\.code)
        #expect(!codes.contains("preflight.manager.nftables") && codes.count == names.count - 1)
    }

    /// An image that was booted has its root elsewhere.
    @Test func anImageKnowsItsRootWhereverItIs() async throws {
        let host = try PersistentHost([.nftables])
        try await host.confirm(EnablingTests.lines, .nftables)
        let before = try host.tree()
        try await host.enable()
        let moved = "\(host.folder)/moved"
        try FileManager.default.moveItem(atPath: host.root, toPath: moved)
        try await Persistence.refresh(after: 1, in: .make(at: "\(moved)/var/lib/wallwright"))
        #expect(try await PersistenceStatus.read(state: "\(moved)/var/lib/wallwright").isSound)
        try FileManager.default.moveItem(atPath: moved, toPath: host.root)
        _ = try await host.persistence().disable()
        #expect(try host.tree() == before)
    }
}
