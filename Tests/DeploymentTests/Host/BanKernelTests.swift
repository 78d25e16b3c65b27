import Compiler
import Foundation
import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// Bans, seen by packets: also those of a connection that stands.
@Suite(.needsRoot) struct BanKernelTests {
    /// Lines that come from the outside by a connection that stands.
    private struct Line {
        let client: Socket
        let server: Socket

        /// Whether what is said at one end now is heard at the other.
        func isOpen(within limit: Duration = .milliseconds(400)) async throws -> Bool {
            _ = client.send([1])
            let end = ContinuousClock.now + limit
            while ContinuousClock.now < end {
                if server.receive()?.isEmpty == false { return true }
                try await Task.sleep(for: .milliseconds(5))
            }
            return false
        }
    }

    private static func line(to host: TestHost, _ family: IPFamily) async throws -> Line {
        let (here, there) = (try host.inside(family), try host.outside(family))
        let listener = try await host.network.inside.run {
            let socket = try Socket(SocketAddress.domain(of: family), SOCK_STREAM)
            try socket.set(SOL_SOCKET, SO_REUSEADDR, to: 1)
            try socket.bind(to: SocketAddress(here, port: 22))
            try socket.listen(backlog: 4)
            return socket
        }
        let client = try await host.network.outside.run {
            let socket = try Socket(SocketAddress.domain(of: family), SOCK_STREAM)
            try socket.bind(to: SocketAddress(there))
            if let error = socket.connect(to: SocketAddress(here, port: 22)) { throw error }
            return socket
        }
        for _ in 0..<200 {
            if let server = listener.accept() { return Line(client: client, server: server) }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw SystemError("accept", .timedOut)
    }

    /// A socket of both families has IPv4 addresses so, and so have the logs of its program.
    @Test func anAddressAsLogsHaveItIsBannedAsItComes() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let address = "\(try host.outside(.ipv4))"
        let banned = try await host.run("ban", "::ffff:\(address)")
        #expect(banned.output == "banned: \(address)\n", "\(banned)")
        #expect(try await host.open(ports: [22]) == ["ipv6 22"])
        #expect(try await host.run("unban", "::ffff:\(address)").status == 0)
        #expect(try await host.open(ports: [22]) == TestHost.sshAlone)
        let all = try await host.run("ban", "::ffff:0:0/96")
        #expect(all.status == 1 && all.error.contains("this host's own loopback"), "\(all)")
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aBanStopsWhatStandsAndOutlivesChanges(_ backend: BackendKind, _ family: IPFamily) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh, on: backend)
        let line = try await Self.line(to: host, family)
        #expect(try await line.isOpen())
        let address = "\(try host.outside(family))"
        let banned = try await host.run("ban", address)
        #expect(banned.output == "banned: \(address)\n", "\(banned)")
        #expect(try await !line.isOpen())
        _ = try await host.apply(TestHost.web, on: backend)
        #expect(try await !line.isOpen())
        #expect(try await host.run("rollback").status == 0)
        #expect(try await !line.isOpen())
        #expect(try await host.run("ban").output.contains(address))
        #expect(try await host.run("status").output.contains("bans       1; `wallwright ban` lists them"))
        let lifted = try await host.run("unban", address)
        #expect(lifted.output == "not banned any more: \(address)\n", "\(lifted)")
        // What was said meanwhile is sent again after a while.
        #expect(try await line.isOpen(within: .seconds(40)))
        #expect(try await host.run("ban").output == "no address is banned\n")
        #expect(try await host.run("status").status == 0)
    }

    @Test func aBanForATimeEndsByItself() async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.ssh)
        let line = try await Self.line(to: host, .ipv4)
        #expect(try await host.run("ban", "\(try host.outside(.ipv4))", "--for", "2s").status == 0)
        #expect(try await !line.isOpen())
        #expect(try await line.isOpen(within: .seconds(40)))
        #expect(try await host.run("ban").output == "no address is banned\n")
    }

    @Test(
        arguments: [
            (["ban", "127.0.0.1"], "this host's own loopback; it is not banned"),
            (["ban", "0.0.0.0/0"], "127.0.0.0/8, this host's own loopback; it is not banned"),
            (["unban", "203.0.113.7"], "but 203.0.113.0/24 is\ndo: wallwright unban 203.0.113.0/24"),
        ]
    )
    func whatMakesNoSenseIsRefused(_ arguments: [String], _ answer: String) async throws {
        let host = try await TestHost.make()
        #expect(try await host.run("ban", "203.0.113.0/24").status == 0)
        let result = try await host.start([TestHost.program] + arguments + ["--state", host.state]).result()
        #expect(result.status == 1 && result.error.contains(answer), "\(result)")
        #expect(try await host.run("ban").output.split(separator: "\n").count == 1)
    }

    /// The commands of the action that is shipped, as fail2ban fills them in (jail.conf(5), "bantime").
    @Test(arguments: ["600", "-1"])
    func theActionOfFail2banBansAndUnbans(_ time: String) async throws {
        let host = try await TestHost.make()
        try await host.settle(TestHost.web)
        let action = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
            .appending(path: "dist/fail2ban/wallwright.conf")
        let lines = try String(contentsOf: action, encoding: .utf8).split(separator: "\n")
        func command(_ key: String) throws -> String {
            let line = try #require(lines.first { $0.hasPrefix("\(key) = wallwright ") })
            let text = line.dropFirst("\(key) = wallwright ".count)
                .replacing("<ip>", with: "\(try host.outside(.ipv4))").replacing("<bantime>", with: time)
            return "$W \(text) $S"
        }
        let banned = try await host.script(try command("actionban"))
        #expect(banned.status == 0, "\(banned)")
        #expect(try await host.open() == ["ipv6 22", "ipv6 80"])
        #expect(try await host.script(try command("actionunban")).status == 0)
        #expect(try await host.open() == TestHost.everything)
    }

    /// A script may end a ban whose time was over a moment ago.
    @Test func whatIsNotBannedNeedsNoEnd() async throws {
        let host = try await TestHost.make()
        let result = try await host.run("unban", "192.0.2.9")
        #expect(result.status == 0)
        #expect(result.output == "192.0.2.9 was not banned\n")
    }
}
