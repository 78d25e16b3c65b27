import Foundation
import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// Applied and confirmed through SSH, as on a server that nobody can reach otherwise.
@Suite(.needsRoot) struct SSHSessionKernelTests {
    @Test(arguments: IPFamily.allCases, ["", "env -i "])
    func theOldSessionProvesNothingAndANewLoginDoes(_ family: IPFamily, _ sudo: String) async throws {
        let host = try await TestHost.make()
        _ = try host.policy(TestHost.ssh)
        let server = try await SSHServer(in: host)
        let first = try await server.login(
            "\(sudo)$W apply policy.yaml $S --confirm-within 5m | tee said; "
                + "\(sudo)$W confirm $(grep -o '1-[a-z0-9]*$' said) $S",
            family
        )
        #expect(first.status == 1, "\(first)")
        let client = try host.outside(family)
        #expect(
            first.error.contains("this SSH connection from \(client) is older than the change"),
            "\(first)"
        )
        #expect(first.error.contains("do: open a second login now, and type there: wallwright confirm 1-"))
        #expect(try host.outcomes() == [.pending])
        let second = try await server.login("\(sudo)$W confirm \(try first.ticket) $S", family)
        #expect(second.status == 0, "\(second)")
        #expect(try host.outcomes() == [.confirmed])
        let history = try await host.run("history")
        #expect(history.output.contains("by root from \(client)\n"), "\(history)")
    }

    @Test func theOldSessionCountsWhereThePersonSaysSo() async throws {
        let host = try await TestHost.make()
        _ = try host.policy(TestHost.ssh)
        let server = try await SSHServer(in: host)
        let result = try await server.login(
            "$W apply policy.yaml $S | tee said; $W confirm $(grep -o '1-[a-z0-9]*$' said) $S --same-session"
        )
        #expect(result.status == 0, "\(result)")
        #expect(try host.outcomes() == [.confirmed])
    }

    /// What a master connection carries is no new connection (ssh_config(5), `ControlMaster`).
    @Test func aLoginOverAnOldConnectionIsNoNewLogin() async throws {
        let host = try await TestHost.make()
        let server = try await SSHServer(in: host)
        let master = try await server.start("", options: ["-M", "-N", "-S", "\(host.folder)/master"])
        let socket = "\(host.folder)/master"
        #expect(try await host.waits(.seconds(10)) { FileManager.default.fileExists(atPath: socket) })
        let ticket = try await host.apply(TestHost.ssh).ticket
        let shared = try await server.login("$W confirm \(ticket) $S", options: ["-S", socket])
        #expect(shared.status == 1 && shared.error.contains("is older than the change"), "\(shared)")
        #expect(master.process.ended() == nil)
        let fresh = try await server.login("$W confirm \(ticket) $S")
        #expect(fresh.status == 0, "\(fresh)")
    }

    @Test func whoWouldShutThemselvesOutIsStopped() async throws {
        let host = try await TestHost.make()
        _ = try host.policy("inbound:\n  - allow: ssh\n    from: 192.0.2.0/24\noutbound:\n  - allow: any\n")
        let server = try await SSHServer(in: host)
        let refused = try await server.login("$W apply policy.yaml $S")
        #expect(refused.status == 1, "\(refused)")
        let client = try host.outside(.ipv4)
        #expect(refused.error.contains("this session, from \(client), could not begin anew"), "\(refused)")
        #expect(refused.error.contains("    from: \(client)\n"), "\(refused)")
        #expect(try await host.firewall.listing().isEmpty)
        let banned = try await server.login("$W ban \(try host.outside(.ipv4))/32 $S")
        #expect(
            banned.status == 1 && banned.error.contains("where you come from; it is not banned"),
            "\(banned)"
        )
        let forced = try await server.login("$W apply policy.yaml $S --confirm-within 5s --force")
        #expect(forced.status == 0, "\(forced)")
        #expect(try await server.login("true", options: ["-o", "ConnectTimeout=1"]).status == 255)
        #expect(try await host.settles(within: .seconds(8)))
        #expect(try await server.login("true").status == 0)
    }

    /// Connection tracking does not know what was there before it, and the policy lets nothing out by itself.
    @Test
    func aStreamThatLivesGoesOnThroughTheFirstApply() async throws {
        let host = try await TestHost.make()
        let path = try host.policy("inbound:\n  - allow: ssh\noutbound:\n  - allow: dns\n")
        let server = try await SSHServer(in: host)
        let stream = try await server.start("while date +%s%N; do sleep 0.02; done")
        try await Task.sleep(for: .seconds(1))
        let applied = try await host.run("apply", path)
        #expect(applied.status == 0, "\(applied)")
        try await Task.sleep(for: .seconds(3))
        let times = stream.output.split(separator: "\n").compactMap { Double($0) }
        let last = try #require(times.last)
        let gaps =
            zip(times, times.dropFirst()).map { ($1 - $0) / 1e9 } + [
                Date.now.timeIntervalSince1970 - last / 1e9
            ]
        #expect(times.count > 60, "\(applied)")
        #expect(try #require(gaps.max()) < 1, "\(gaps.max() ?? 0) s")
    }
}
