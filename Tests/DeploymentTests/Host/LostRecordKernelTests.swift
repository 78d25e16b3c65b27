import Compiler
import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// A change waits, and what its files say is lost: nobody confirmed it, so it goes, and the next command goes on.
@Suite(.needsRoot) struct LostRecordKernelTests {
    @Test(arguments: BackendKind.allCases, ["generation.json", "commitment.json"])
    func whatWaitsWithoutAGuardIsTakenBack(_ backend: BackendKind, _ file: String) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        let before = try await host.digest()
        let ticket = try await host.apply(TestHost.web, on: backend).ticket
        for name in ["guard", "watch"] {
            for process in host.workers(name, inner: false) + host.workers(name, inner: true) {
                kill(process, SIGKILL)
            }
        }
        #expect(try await host.waits(.seconds(5)) { !host.isGuarded(2) })
        try "{".write(toFile: "\(host.state)/generations/2/\(file)", atomically: false, encoding: .utf8)
        let confirmed = try await host.run("confirm", ticket, "--same-session")
        #expect(confirmed.status == 1 && confirmed.error.contains("\(file) is damaged"), "\(confirmed)")
        #expect(try await host.digest() == before, "\(confirmed)")
        #expect(try host.outcomes() == [.confirmed, .rolledBack])
        let history = try await host.run("history")
        #expect(history.status == 0 && history.output.contains("1    2"), "\(history)")
        let again = try await host.apply(TestHost.web, on: backend)
        #expect(try await host.confirm(again.ticket).status == 0)
    }

    /// The watch puts the rules back all the same, and what waits can be taken back.
    @Test func aDamagedListOfBansKeepsNobodyFromTheirWork() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        #expect(try await host.run("ban", "192.0.2.77").status == 0)
        let before = try await host.digest()
        for text in ["{", "", "{\"entries\" : []}"] {
            try text.write(toFile: "\(host.state)/bans.json", atomically: false, encoding: .utf8)
            try await host.firewall.install(.none)
            #expect(try await host.waits(.seconds(15)) { try await host.digest() == before }, "\(text)")
        }
        let banned = try await host.run("ban", "192.0.2.78")
        #expect(banned.status == 4 && banned.error.contains("do: move it away"), "\(banned)")
        try FileManager.default.removeItem(atPath: "\(host.state)/bans.json")
        _ = try await host.apply(TestHost.web)
        try "{".write(toFile: "\(host.state)/bans.json", atomically: false, encoding: .utf8)
        let back = try await host.run("rollback")
        #expect(back.status == 0, "\(back)")
        #expect(try await host.digest() == before)
    }

    /// Its guard has in memory what it needs, and takes it back in its time.
    @Test func whatIsGuardedWaitsForItsGuard() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let before = try await host.digest()
        _ = try await host.apply(TestHost.web, within: "15s")
        // A guard that never read the time takes it back at once.
        try await Task.sleep(for: .milliseconds(600))
        try "{".write(
            toFile: "\(host.state)/generations/2/commitment.json",
            atomically: false,
            encoding: .utf8
        )
        let refused = try await host.run("apply", try host.policy(TestHost.ssh))
        #expect(refused.status == 1 && refused.error.contains("waits to be confirmed\ndo: "), "\(refused)")
        let plan = try await host.run("plan", try host.policy(TestHost.ssh))
        #expect(plan.status == 4 && plan.error.contains("commitment.json is damaged"), "\(plan)")
        #expect(try await host.settles(within: .seconds(40)))
        #expect(try await host.digest() == before)
        #expect(try host.outcomes() == [.confirmed, .rolledBack])
    }
}
