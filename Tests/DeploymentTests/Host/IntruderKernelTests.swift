import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Somebody who puts rules before our jump again and again, as a ban list that restarts does: what they do is no part of
/// what is applied, taken back or confirmed.
@Suite(.needsRoot) struct IntruderKernelTests {
    private static let variants: [BackendKind] = [.iptablesNft, .iptablesLegacy]

    /// A rule every tenth of a second, for as long as the test may last.
    private func intrude(on host: TestHost, _ backend: BackendKind) async throws -> RunningCommand {
        let loop = """
            i=0; while [ $i -lt 600 ]; do
              \(backend.rawValue) -w -I INPUT 1 -s 203.0.113.$((i % 250)) -j DROP; i=$((i+1)); sleep 0.1
            done
            """
        return try await host.start(["/bin/sh", "-c", loop])
    }

    /// The watch moves our jump all the while, so one look may come in the middle of that.
    private static func expect(_ digest: String, on host: TestHost) async throws {
        let isBack = try await host.waits(.seconds(5)) { try await host.digest() == digest }
        let jumps = try await host.firewall.listing().parts.map(\.name).filter { $0.contains("jump") }
        #expect(isBack, "\(jumps)")
    }

    @Test func everyCommandGoesOnBesideThem() async throws {
        try await together(Self.variants) { backend in
            let host = try await TestHost.make()
            try await host.settle(TestHost.web, on: backend)
            let old = try await host.digest()
            let intruder = try await intrude(on: host, backend)
            try await Task.sleep(for: .milliseconds(300))
            // The deadline, with nobody who confirms.
            _ = try await host.apply(TestHost.ssh, on: backend, within: "5s")
            #expect(try await host.settles(within: .seconds(20)))
            #expect(try host.outcomes().last == .rolledBack)
            try await Self.expect(old, on: host)
            // By hand.
            _ = try await host.apply(TestHost.ssh, on: backend)
            let back = try await host.run("rollback")
            #expect(back.status == 0, "\(back)")
            try await Self.expect(old, on: host)
            // What is confirmed, banned and removed.
            let ticket = try await host.apply(TestHost.ssh, on: backend).ticket
            let confirmed = try await host.confirm(ticket)
            #expect(confirmed.status == 0, "\(confirmed)")
            #expect(try await host.run("ban", "192.0.2.99").status == 0)
            #expect(try await host.open() == TestHost.sshAlone)
            let removed = try await host.run("remove", "--now")
            #expect(removed.status == 0, "\(removed)")
            #expect(try await host.firewall.listing().isEmpty)
            intruder.process.signal(9)
        }
    }

    /// A login that their rule may have let in proves nothing; the next one does, for ours is the first rule again.
    @Test func whatStandsBeforeOursAtAConfirmIsPutBehind() async throws {
        try await together(Self.variants) { backend in
            let host = try await TestHost.make()
            let ticket = try await host.apply(TestHost.ssh, on: backend).ticket
            // The watch is not to be quicker.
            TestProcesses.end(mentioning: "\u{0}watch\u{0}--state\u{0}\(host.state)")
            let rule = ["-w", "-I", "INPUT", "1", "-p", "tcp", "--dport", "80", "-j", "ACCEPT"]
            let tool = try Tool(named: backend.rawValue)
            try await tool.run(rule, text: "", in: host.network.inside)
            #expect(try await host.open() == ["ipv4 22", "ipv6 22", "ipv4 80"])
            let confirmed = try await host.confirm(ticket)
            #expect(confirmed.status == 0, "\(confirmed)")
            #expect(try await host.open() == TestHost.sshAlone)
            #expect(try await host.firewall.listing().intruders.isEmpty)
        }
    }
}
