import Compiler
import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// How long a shut port is open after a stranger took our rules away: knocked at every millisecond, on each backend.
///
/// The figures are printed; what must hold is that it ends, in seconds also on a busy machine.
@Suite(.needsRoot) struct WatchHoleKernelTests {
    struct Stroke: Sendable, CustomTestStringConvertible {
        var backend: BackendKind
        var command: [String]

        var testDescription: String { "\(backend.rawValue): \(command.joined(separator: " "))" }
    }

    private static let strokes: [Stroke] = [
        Stroke(backend: .nftables, command: ["nft", "flush", "ruleset"]),
        Stroke(backend: .nftables, command: ["nft", "flush", "chain", "inet", "wallwright", "input"]),
        Stroke(backend: .iptablesNft, command: ["iptables-nft", "-F"]),
        Stroke(backend: .iptablesNft, command: ["iptables-nft", "-F", "INPUT"]),
        Stroke(backend: .iptablesNft, command: ["iptables-nft", "-I", "INPUT", "1", "-j", "ACCEPT"]),
        Stroke(backend: .iptablesLegacy, command: ["iptables-legacy", "-F"]),
        Stroke(backend: .iptablesLegacy, command: ["iptables-legacy", "-F", "INPUT"]),
        Stroke(backend: .iptablesLegacy, command: ["iptables-legacy", "-I", "INPUT", "1", "-j", "ACCEPT"]),
    ]

    private static let tries =
        ProcessInfo.processInfo.environment["WALLWRIGHT_HOLES"].flatMap { Int($0) } ?? 5

    @Test(arguments: strokes)
    func aHoleIsShutSoon(_ stroke: Stroke) async throws {
        var holes: [Duration] = []
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: stroke.backend)
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
        try await Task.sleep(for: .seconds(1))
        let meant = try await host.digest()
        let program = try Tool(named: stroke.command[0])
        let address = try host.inside(.ipv4)
        for _ in 0..<Self.tries {
            let flow = SynFlow(to: address, port: 80)
            try await flow.run(from: host.network.outside) {
                try await Task.sleep(for: .milliseconds(50))
                try await program.run(Array(stroke.command.dropFirst()), in: host.network.inside)
                let isShut = try await host.waits(.seconds(8)) { try await host.digest() == meant }
                #expect(isShut, "\(stroke)")
                try await Task.sleep(for: .milliseconds(100))
            }
            holes.append(flow.hole ?? .zero)
            // Many repairs within seconds are paced, and only one is measured here.
            try await Task.sleep(for: .milliseconds(700))
        }
        let sorted = holes.sorted()
        func milliseconds(_ time: Duration) -> Int { Int((time / .milliseconds(1)).rounded()) }
        print(
            "hole, \(stroke.testDescription): median \(milliseconds(sorted[sorted.count / 2])) ms,",
            "longest \(milliseconds(sorted[sorted.count - 1])) ms of \(holes.count)"
        )
        #expect(sorted[sorted.count - 1] < .seconds(5), "\(stroke): \(holes)")
    }
}
