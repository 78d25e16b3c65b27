import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// The way back and the boot never wait for a listing: whatever reading says, what is to stand stands first.
@Suite(.needsRoot) struct RecoveryKernelTests {
    private struct Case: Sendable {
        var backend: BackendKind
        var kind: SpoiltListings.Kind

        static let all = BackendKind.allCases.flatMap { backend in
            SpoiltListings.Kind.allCases.map { Case(backend: backend, kind: $0) }
        }
    }

    @Test func theDeadlineBringsTheOldFirewallBack() async throws {
        try await together(Case.all) { one in
            guard let (host, listings) = try await SpoiltListings.host() else { return }
            try await host.settle(TestHost.web, on: one.backend)
            let before = try await host.firewall.listing()
            _ = try await host.apply(TestHost.ssh, on: one.backend, within: "5s")
            #expect(try await host.open() == TestHost.sshAlone)
            try listings.spoil(one.kind)
            let isBack = try await host.waits(.seconds(15)) {
                try await host.open() == TestHost.everything
            }
            #expect(isBack, "\(one)")
            try listings.mend()
            #expect(try await host.settles(within: .seconds(90)), "\(one)")
            #expect(try host.outcomes() == [.confirmed, .rolledBack], "\(one)")
            #expect(try await host.firewall.listing() == before, "\(one)")
        }
    }

    /// What is in doubt is said, and the take-back is not tried for ever.
    @Test func aRollbackEndsAndSaysWhatItCouldNotSee() async throws {
        try await together([
            Case(backend: .iptablesNft, kind: .fail), Case(backend: .iptablesLegacy, kind: .grow),
        ]) { one in
            guard let (host, listings) = try await SpoiltListings.host() else { return }
            try await host.settle(TestHost.web, on: one.backend)
            _ = try await host.apply(TestHost.ssh, on: one.backend)
            try listings.spoil(one.kind)
            let back = try await host.run("rollback")
            #expect(back.status == 0, "\(back)")
            #expect(back.error.contains("note: what the kernel holds could not be seen: "), "\(back)")
            #expect(try await host.open() == TestHost.everything)
            #expect(try host.outcomes() == [.confirmed, .rolledBack])
            let history = try await host.run("history", "--last", "1")
            #expect(history.output.contains("could not be seen"), "\(history)")
            try listings.mend()
            let next = try await host.run(
                "apply",
                try host.policy(TestHost.ssh),
                "--now",
                "--backend",
                one.backend.rawValue
            )
            #expect(next.status == 0, "\(next)")
            #expect(try await host.open() == TestHost.sshAlone)
        }
    }

    /// Of a first firewall nothing that lets packets in or keeps them out is left, and the next command takes the rest.
    @Test func theFirstFirewallGoes() async throws {
        try await together([BackendKind.iptablesNft, .iptablesLegacy, .nftables]) { backend in
            guard let (host, listings) = try await SpoiltListings.host() else { return }
            _ = try await host.apply(TestHost.ssh, on: backend)
            try listings.spoil(.fail)
            #expect(try await host.run("rollback").status == 0)
            #expect(try await host.open() == TestHost.everything)
            try listings.mend()
            try await host.settle(TestHost.ssh, on: backend)
            let removed = try await host.run("remove", "--now")
            #expect(removed.status == 0, "\(removed)")
            #expect(try await host.firewall.listing().isEmpty)
        }
    }

    @Test func aBootLoadsAndSaysWhatItCouldNotSee() async throws {
        try await together(Case.all) { one in
            guard let (host, listings) = try await SpoiltListings.host() else { return }
            try await host.settle(TestHost.web, on: one.backend)
            let digest = try await host.digest()
            TestProcesses.end(mentioning: host.state)
            let next = TestHost(
                try await .make(links: host.network.links),
                folder: host.folder,
                mounts: listings.mounts
            )
            try listings.spoil(one.kind)
            let boot = try await next.run("boot", "--without-watch")
            #expect(boot.status == 0, "\(one) \(boot)")
            #expect(boot.output == "generation 1 is loaded\n", "\(one)")
            let isSeen = one.backend == .nftables
            #expect(boot.error.contains("it could not be looked at") == !isSeen, "\(one) \(boot)")
            try listings.mend()
            #expect(try await next.digest() == digest, "\(one)")
            withExtendedLifetime(host) {}
        }
    }

    /// Sets of others are not read, and what they do to nf_tables keeps nothing from coming back: an `ipset save` of all
    /// would be longer than a tool may write, and a list of ours is never read whole between two changes of theirs.
    @Test func whatOthersHoldAndChangeDoesNotMatter() async throws {
        try await together([BackendKind.nftables, .iptablesNft]) { backend in
            let host = try await TestHost.make()
            try host.writeList(of: backend == .nftables ? 60_000 : 2_000)
            try await host.settle(Self.policy("ssh, http"), on: backend)
            let before = try await host.digest()
            if backend != .nftables { try await host.makeLargeForeignSet() }
            _ = try await host.apply(Self.policy("ssh"), on: backend, within: "8s")
            let others = try await host.start(["/bin/sh", "-c", Self.changes])
            let isBack = try await host.waits(.seconds(25)) { try await host.open() == TestHost.everything }
            #expect(isBack, "\(backend)")
            let isOver = try await host.waits(.seconds(60)) { try host.outcomes().last == .rolledBack }
            #expect(isOver, "\(backend)")
            others.process.signal(9)
            #expect(try await host.digest() == before, "\(backend)")
            let reason = try host.opened().decision(2)?.reason
            #expect(reason?.hasPrefix("nobody confirmed it in time") == true)
            // Where only sets of others are long, nothing is in doubt.
            if backend != .nftables { #expect(reason == "nobody confirmed it in time") }
        }
    }

    private static func policy(_ services: String) -> String {
        """
        inbound:
          - allow: [\(services)]
          - deny: any
            from: many
        outbound:
          - allow: any
        sets:
          many: {file: many.txt}

        """
    }

    private static let changes = """
        nft add table ip others; i=0
        while [ $i -lt 2000 ]; do
            nft 'add chain ip others c; delete chain ip others c'; i=$((i+1)); sleep 0.02
        done
        """
}

extension TestHost {
    fileprivate func writeList(of count: Int) throws {
        let lines = (0..<count).map { "11.\($0 >> 15 & 255).\($0 >> 7 & 255).\(($0 & 127) * 2)\n" }
        try lines.joined().write(toFile: "\(folder)/many.txt", atomically: true, encoding: .utf8)
    }

    /// More than 64 MiB where it is saved.
    fileprivate func makeLargeForeignSet() async throws {
        let words = String(repeating: "a foreign list of long words ", count: 8)
        let elements = (0..<280_000).map {
            "add foreign 12.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255) comment \"\(words)\"\n"
        }
        try await Tool(named: "ipset").run(
            ["restore"],
            text: "create foreign hash:ip comment maxelem 1000000\n" + elements.joined(),
            in: network.inside
        )
    }
}
