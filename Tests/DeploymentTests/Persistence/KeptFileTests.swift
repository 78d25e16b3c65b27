import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What the person had, and what somebody makes of ours.
@Suite(.needsRoot) struct KeptFileTests {
    private static let theirs = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n"

    @Test func theFileOfThePersonComesBack() async throws {
        let host = try PersistentHost([.iptablesServices])
        try host.write("/etc/sysconfig/iptables", Self.theirs, mode: 0o640)
        try await host.confirm(EnablingTests.lines, .iptablesNft)
        let before = try host.tree()
        let report = try await host.enable()
        #expect(
            report.notes.contains {
                $0.hasSuffix("is kept as \(host.root)/etc/sysconfig/iptables.before-wallwright")
            }
        )
        #expect(try host.text("/etc/sysconfig/iptables.before-wallwright") == Self.theirs)
        #expect(try host.text("/etc/sysconfig/iptables").contains("-A INPUT -j WALLWRIGHT-INPUT"))
        try await host.enable()
        _ = try await host.persistence().disable()
        #expect(try host.tree() == before)
    }

    @Test func whatSomebodyMadeOfOursIsNotThrownAway() async throws {
        let host = try PersistentHost([.iptablesServices])
        try host.write("/etc/sysconfig/iptables", Self.theirs)
        try await host.confirm(EnablingTests.lines, .iptablesNft)
        try await host.enable()
        try host.write("/etc/sysconfig/iptables", "*filter\nCOMMIT\n")
        let notes = try await host.persistence().disable()?.notes
        #expect(notes?.count == 1)
        #expect(try host.text("/etc/sysconfig/iptables") == Self.theirs)
        #expect(try host.text("/etc/sysconfig/iptables.after-wallwright") == "*filter\nCOMMIT\n")
    }

    @Test func aFileThatCannotBeKeptStopsIt() async throws {
        let host = try PersistentHost([.iptablesServices])
        try host.write("/etc/sysconfig/iptables", Self.theirs)
        try host.write("/etc/sysconfig/iptables.before-wallwright", "older\n")
        try await host.confirm(EnablingTests.lines, .iptablesNft)
        let before = try host.tree()
        await #expect(throws: ChangeError.self) { try await host.enable() }
        #expect(try host.tree() == before)
    }

    @Test(arguments: [
        nil, "", "flush ruleset\n", "table ip a { }", "include \"/etc/wallwright/boot.nft\" # mine\n",
    ])
    func exactlyOurLineGoes(_ text: String?) async throws {
        let host = try PersistentHost([.nftables])
        if let text { try host.write("/etc/nftables.conf", text, mode: 0o755) }
        try await host.confirm(EnablingTests.lines, .nftables)
        let before = try host.tree()
        try await host.enable()
        #expect(try host.text("/etc/nftables.conf").hasSuffix("include \"/etc/wallwright/boot.nft\"\n"))
        try await host.enable()
        _ = try await host.persistence().disable()
        #expect(try host.tree() == before)
    }

    @Test func whatThePersonWritesMeanwhileStays() async throws {
        let host = try PersistentHost([.nftables])
        try await host.confirm(EnablingTests.lines, .nftables)
        try await host.enable()
        let ours = try host.text("/etc/nftables.conf")
        try host.write("/etc/nftables.conf", "table ip before { }\n\(ours)table ip after { }\n")
        _ = try await host.persistence().disable()
        #expect(try host.text("/etc/nftables.conf") == "table ip before { }\ntable ip after { }\n")
    }

    /// Whoever is killed has written down what was to come.
    @Test(arguments: Software.allCases)
    func oneWhoWasKilledHalfwayIsUndone(_ way: Software) async throws {
        let host = try PersistentHost([way])
        if way == .iptablesServices { try host.write("/etc/sysconfig/iptables", Self.theirs) }
        try await host.confirm(EnablingTests.lines, way.backends[0])
        let before = try host.tree()
        try await host.enable()
        let all = try #require(try PersistenceRecord.read(from: .make(at: host.state)))
        for count in 0...all.parts.count {
            // As it is after the first parts came into the root, and the rest did not.
            _ = try await host.persistence().disable()
            try await host.enable()
            for part in all.parts.dropFirst(count).reversed() { try host.persistence().takeAway(part) }
            _ = try await host.persistence().disable()
            #expect(try host.tree() == before)
        }
    }

    @Test func aLinkIsNeverWrittenThrough() async throws {
        let host = try PersistentHost([.nftables])
        try host.write("/etc/elsewhere.conf", "flush ruleset\n")
        try FileManager.default.createSymbolicLink(
            atPath: host.root + "/etc/nftables.conf",
            withDestinationPath: "elsewhere.conf"
        )
        try await host.confirm(EnablingTests.lines, .nftables)
        let before = try host.tree()
        await #expect(throws: ChangeError.self) { try await host.enable() }
        #expect(try host.tree() == before)
    }
}
