import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What a stranger takes away of ours comes back, and is said.
@Suite(.needsRoot) struct WatchKernelTests {
    struct Stranger: Sendable, CustomTestStringConvertible {
        var backend: BackendKind
        var command: [String]
        var isWaiting = false

        var testDescription: String { command.joined(separator: " ") + (isWaiting ? ", while it waits" : "") }
    }

    private static let strangers: [Stranger] = [
        Stranger(backend: .nftables, command: ["nft", "flush", "ruleset"]),
        Stranger(backend: .nftables, command: ["nft", "delete", "table", "inet", "wallwright"]),
        Stranger(
            backend: .nftables,
            command: ["nft", "flush", "chain", "inet", "wallwright", "input"],
            isWaiting: true
        ),
        Stranger(backend: .iptablesNft, command: ["iptables-nft", "-F", "INPUT"]),
        Stranger(backend: .iptablesNft, command: ["nft", "flush", "ruleset"]),
        Stranger(backend: .iptablesNft, command: ["ip6tables-nft", "-F", "INPUT"], isWaiting: true),
        Stranger(backend: .iptablesLegacy, command: ["iptables-legacy", "-F", "INPUT"]),
        Stranger(backend: .iptablesLegacy, command: ["ip6tables-legacy", "-F"]),
    ]

    @Test func whatIsTakenAwayComesBackAndIsSaid() async throws {
        try await together(Self.strangers, atMost: 3) { stranger in
            let host = try await TestHost.make()
            if stranger.isWaiting {
                _ = try await host.apply(TestHost.ssh, on: stranger.backend)
            } else {
                try await host.settle(TestHost.ssh, on: stranger.backend)
            }
            let meant = try await host.digest()
            #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
            let begin = ContinuousClock.now
            let program = try Tool(named: stranger.command[0])
            try await program.run(Array(stranger.command.dropFirst()), in: host.network.inside)
            let isSaid = try await host.waits(.seconds(8)) {
                ((try HostFiles().text(of: "\(host.view)/watch.log")) ?? "").contains("put generation 1 back")
            }
            #expect(isSaid, "\(stranger)")
            // A watch that was just started mends what is missing first, and then looks at the rest.
            #expect(try await host.waits(.seconds(3)) { try await host.digest() == meant }, "\(stranger)")
            let time = ContinuousClock.now - begin
            #expect(time < .seconds(3), "\(stranger): \(time)")
            let status = try await host.run("status")
            #expect(status.status == 0, "\(status)")
            #expect(status.output.contains("put generation 1 back, somebody had changed it: "), "\(status)")
        }
    }

    @Test func bansComeBackToo() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        #expect(try await host.run("ban", "192.0.2.9").status == 0)
        let nft = try Tool(named: "nft")
        try await nft.run(["flush", "ruleset"], in: host.network.inside)
        let isBack = try await host.waits(.seconds(7)) {
            let text = try await nft.run(["list", "ruleset"], text: "", in: host.network.inside)
            return text.contains("table inet wallwright_bans") && text.contains("192.0.2.9")
        }
        #expect(isBack)
    }

    /// The watch is killed, both of its processes: the next change starts it again, and until then status says so.
    @Test func aWatchThatIsGoneIsMissed() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
        TestProcesses.end(mentioning: host.state)
        let status = try await host.run("status")
        #expect(status.output.contains("watch      not running"), "\(status)")
        try await host.settle(TestHost.web)
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
    }

    /// As a package tells it that is removed.
    @Test func itEndsWhenItIsToldAndTheFirewallStays() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let meant = try await host.digest()
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
        for _ in 0..<2 {
            let ended = try await host.run("watch", "--end")
            #expect(ended.status == 0, "\(ended)")
            #expect(try await host.waits(.seconds(2)) { TestProcesses.mentioning(host.state).isEmpty })
        }
        #expect(try await host.digest() == meant)
    }
}
