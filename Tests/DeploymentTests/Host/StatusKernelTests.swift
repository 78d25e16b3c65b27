import Compiler
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What `status` and `history` say, and what an apply of the same again does.
@Suite(.needsRoot) struct StatusKernelTests {
    @Test(arguments: BackendKind.allCases)
    func whatIsLiveIsSaid(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        let bare = try await host.run("status")
        #expect(bare.status == 0)
        #expect(bare.output.contains("Wallwright has never confirmed a firewall here"))
        #expect(try await host.run("history").output.contains("nothing was ever applied"))
        let ticket = try await host.apply(TestHost.ssh, on: backend).ticket
        let waiting = try await host.run("status").output
        #expect(waiting.contains("generation 1 waits to be confirmed, taken back in 29"), "\(waiting)")
        #expect(!waiting.contains("guard      is gone"))
        _ = try await host.confirm(ticket)
        _ = try await host.open()
        let status = try await host.run("status")
        #expect(status.status == 0)
        for line in [
            "generation 1, confirmed 2", "  applied    2", " by root\n",
            "  policy     \(host.folder)/policy.yaml\n",
            "  backend    \(backend.rawValue)\n", "  kernel     holds what was applied\n",
            "policy.yaml:3 allow ssh\n", "policy.yaml:5 allow any\n",
        ] { #expect(status.output.contains(line), "\(line) in \(status)") }
        #expect(!status.output.contains("watch      not running"), "\(status)")
        let json = try await host.run("status", "--json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        )
        #expect(object["sound"] as? Bool == true)
        #expect((object["generation"] as? [String: Any])?["outcome"] as? String == "confirmed")
        #expect((object["kernel"] as? [String: Any])?["state"] as? String == "holds")
        let lines = try #require(object["lines"] as? [[String: Any]])
        let ssh = lines.first { $0["line"] as? String == "policy.yaml:3 allow ssh" }
        #expect((ssh?["packets"] as? Int ?? 0) >= 2, "\(json)")
        let history = try await host.run("history")
        #expect(history.output.contains("apply \(host.folder)/policy.yaml"), "\(history)")
        #expect(
            history.output.contains("     confirmed ") && history.output.contains(" by root\n"),
            "\(history)"
        )
    }

    @Test(arguments: BackendKind.allCases)
    func theSameAgainChangesNothing(_ backend: BackendKind) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        _ = try await host.open()
        #expect(try await host.waits(.seconds(5)) { host.workers("watch", inner: true).count == 1 })
        let (files, counters) = (try host.inventory(), try await host.firewall.counters())
        var times: [Duration] = []
        for _ in 0..<5 {
            let begin = ContinuousClock.now
            let again = try await host.run("apply", "\(host.folder)/policy.yaml")
            times.append(ContinuousClock.now - begin)
            #expect(again.status == 0)
            #expect(again.output == "nothing to do: generation 1 is this policy, and the kernel holds it\n")
        }
        #expect(try host.inventory() == files)
        let ssh = "policy.yaml:3 allow ssh"
        #expect(try await host.firewall.counters().counts[ssh] == counters.counts[ssh])
        // A tenth of a second without the other programs of a build, and the checks that it leaves in.
        #expect(try #require(times.min()) < .seconds(1), "\(times)")
        // Other words for the same are the same firewall only when they are the same text of rules.
        _ = try host.policy("# a comment\n\(TestHost.ssh)")
        let moved = try await host.run("apply", "\(host.folder)/policy.yaml")
        #expect(moved.output.contains("generation 2 is live"), "\(moved)")
    }

    /// It is in another network namespace than this one.
    @Test func anotherNamespaceIsToldApart() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        _ = try await host.apply(TestHost.web)
        let before = try await host.digest()
        let status = try await host.start(
            [TestHost.program, "status", "--state", host.state],
            in: host.network.outside
        )
        .result()
        #expect(status.status == 1 && status.output.contains("not in this one"), "\(status)")
        for arguments in [
            ["rollback"], ["apply", "\(host.folder)/policy.yaml"], ["remove"], ["confirm", "2-aaaa"],
        ] {
            let command = [TestHost.program] + arguments + ["--state", host.state]
            let result = try await host.start(command, in: host.network.outside).result()
            #expect(result.status == 1 && result.error.contains("another network namespace"), "\(result)")
        }
        #expect(try await host.digest() == before)
        #expect(try await HostFirewall(in: host.network.outside).listing().isEmpty)
        #expect(try host.outcomes() == [.confirmed, .pending])
    }
}
