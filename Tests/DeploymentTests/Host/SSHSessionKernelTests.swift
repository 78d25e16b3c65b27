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

    /// Over the network it takes a sentence that nobody types by accident, and no script.
    @Test func theOldSessionCountsWhereThePersonSaysSo() async throws {
        let host = try await TestHost.make()
        _ = try host.policy(TestHost.ssh)
        let server = try await SSHServer(in: host)
        let confirm = "$W confirm $(grep -o '1-[a-z0-9]*$' said) $S"
        let typed = { (words: String) in
            "(sleep 1; echo '\(words)'; sleep 1) | script -qec \"\(confirm) --same-session\" /dev/null"
        }
        let result = try await server.login(
            "$W apply policy.yaml $S | tee said; \(confirm); \(confirm) --same-session; \(typed("yes")); echo END; exit 7"
        )
        #expect(result.status == 7, "\(result)")
        #expect(result.error.contains("(where your ssh shares one connection, ControlMaster"), "\(result)")
        #expect(!result.error.contains("(at the console"), "\(result)")
        #expect(result.error.contains("--same-session is for the console"), "\(result)")
        #expect(result.output.contains("Type  I have a console  or press Enter."), "\(result)")
        #expect(try host.outcomes() == [.pending])
        let sworn = try await server.login("\(typed("I have a console")); echo END")
        #expect(sworn.output.contains("confirmed: generation 1 stays"), "\(sworn)")
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

    /// The kernel let the connection in before the change, and the daemon takes it afterwards.
    @Test func aHandshakeBeforeTheChangeIsNoNewLogin() async throws {
        let host = try await TestHost.make()
        let server = try await SSHServer(in: host)
        server.pause(true)
        let code = "$(cat \(host.folder)/code)"
        let early = try await server.start(
            "$W confirm \(code) $S",
            options: ["-o", "ConnectTimeout=60"]
        )
        #expect(
            try await host.waits(.seconds(5)) {
                try await host.script("ss -Htn state established sport = :22").output.contains(":22")
            }
        )
        let ticket = try await host.apply(TestHost.ssh).ticket
        try ticket.write(toFile: "\(host.folder)/code", atomically: true, encoding: .utf8)
        server.pause(false)
        let refused = try await early.result()
        #expect(refused.status == 1 && refused.error.contains("is older than the change"), "\(refused)")
        #expect(try host.outcomes() == [.pending])
        let fresh = try await server.login("$W confirm \(ticket) $S")
        #expect(fresh.status == 0, "\(fresh)")
    }

    /// The tunnel goes on as long as connection tracking remembers it, whatever the rules say. Of the kinds those are tried
    /// that this kernel has.
    @Test(arguments: LiveTunnel.all) func aTunnelThatThePolicyDoesNotLetInProvesNothing(_ tunnel: LiveTunnel)
        async throws
    {
        let host = try await TestHost.make()
        guard try await tunnel.make(in: host) else { return }
        let server = try await SSHServer(in: host)
        let shut = try host.policy(TestHost.ssh, named: "shut.yaml")
        let carried = "inbound:\n  - allow: [ssh, \(tunnel.service)]\noutbound:\n  - allow: any\n"
        let refused = try await server.start("$W apply \(shut) $S", to: "10.99.0.1").result()
        #expect(refused.status == 1 && refused.error.contains("policy.session.tunnel"), "\(refused)")
        #expect(refused.error.contains("- allow: \(tunnel.service)"), "\(refused)")
        // Connection tracking knows the tunnel before our rules do.
        let others =
            "add table inet x; add chain inet x c { type filter hook input priority 0; ct state new accept; }"
        try await Tool(named: "nft").run(["-f", "-"], text: others, in: host.network.inside)
        #expect(try await server.start("true", to: "10.99.0.1").result().status == 0)
        for (policy, isTaken) in [(TestHost.ssh, false), (carried, true)] {
            let ticket = try await host.apply(policy).ticket
            let result = try await server.start("$W confirm \(ticket) $S", to: "10.99.0.1").result()
            #expect(result.status == (isTaken ? 0 : 1), "\(result)")
            let reason =
                "this session comes through tun7 (\(tunnel.kind)), whose packets from "
                + "\(try host.outside(tunnel.family)), \(tunnel.service), the policy"
            #expect(result.error.contains(reason) != isTaken, "\(result)")
            if !isTaken { #expect(try await host.run("rollback").status == 0) }
        }
        #expect(try host.outcomes() == [.rolledBack, .confirmed])
    }

    /// What a container of this host sends does not come by the way that others take.
    @Test func aGuestOfThisHostProvesNothing() async throws {
        let host = try await TestHost.make()
        let server = try await SSHServer(in: host)
        let guest = try await NetworkNamespace.make()
        let lines = """
            link add docker0 type bridge
            address add 172.17.0.1/16 dev docker0
            link add veth1 type veth peer name eth0 netns \(guest.path)
            link set veth1 master docker0
            link set veth1 up
            link set docker0 up

            """
        try await Tool(named: "ip").run(["-batch", "-"], text: lines, in: host.network.inside)
        let own = "address add 172.17.0.2/16 dev eth0\nlink set eth0 up\n"
        try await Tool(named: "ip").run(["-batch", "-"], text: own, in: guest)
        let ticket = try await host.apply("\(TestHost.ssh)containers:\n  outbound: allow\n").ticket
        let result = try await server.start("$W confirm \(ticket) $S", to: "172.17.0.1", from: guest).result()
        #expect(result.status == 1, "\(result)")
        #expect(
            result.error.contains("this session comes from a guest of this host, behind docker0"),
            "\(result)"
        )
        #expect(try await server.login("$W confirm \(ticket) $S").status == 0)
    }

    @Test func whoWouldShutThemselvesOutIsStopped() async throws {
        let host = try await TestHost.make()
        _ = try host.policy("inbound:\n  - allow: ssh\n    from: 192.0.2.0/24\noutbound:\n  - allow: any\n")
        let server = try await SSHServer(in: host)
        let refused = try await server.login("$W apply policy.yaml $S")
        #expect(refused.status == 1, "\(refused)")
        let client = try host.outside(.ipv4)
        #expect(refused.error.contains("this session, from \(client), could not log in again"), "\(refused)")
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
