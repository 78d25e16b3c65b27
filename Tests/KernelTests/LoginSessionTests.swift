import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// Real processes in place of sshd: a shell holds the connection as its standard input, as the daemon's process for one
/// login does, and this test process the listening socket.
@Suite(.needsRoot) struct LoginSessionTests {
    private let network: TestNetwork

    init() async throws {
        network = try await Setting().network
    }

    private func connect(_ family: IPFamily, port: UInt16 = 2_222) async throws -> TCPConnection {
        try await .open(
            from: try network.end(family, inside: false),
            to: try network.end(family, inside: true),
            port: port
        )
    }

    /// Runs a shell inside with a socket for its input.
    private func shell(_ script: String, _ socket: Socket?) async throws -> TestProcess {
        try await network.inside.run {
            try TestProcess(["/bin/sh", "-c", script], standardInput: socket?.descriptor)
        }
    }

    private func session(of process: Int32, sshConnection: String? = nil) async throws -> LoginSession {
        try await network.inside.run { try LoginSession.of(process: process, sshConnection: sshConnection) }
    }

    @Test(arguments: IPFamily.allCases)
    func theConnectionOfAnAncestorCarriesTheSession(_ family: IPFamily) async throws {
        let connection = try await connect(family)
        let shell = try await shell("sleep 0.05; sleep 60 </dev/null; :", connection.server)
        try await Task.sleep(for: .milliseconds(100))
        let command = try await shell.member(named: "sleep")
        let session = try await session(of: command.identifier)
        #expect(session.connection?.bare == connection.ofServer)
        #expect(session.connection?.interface == "eth0")
        // This process holds it too, but listens.
        #expect(try session.start == ProcessStatus.read(shell.identifier)?.start)
        #expect(session.start < command.start)
    }

    @Test func theSessionBeginsWithTheFarthestProcessThatHoldsTheConnection() async throws {
        let connection = try await connect(.ipv4)
        let inner = "sleep 0.05; sleep 61 </dev/null; :"
        let shell = try await shell("sleep 0.05; sh -c '\(inner)'; :", connection.server)
        try await Task.sleep(for: .milliseconds(200))
        let command = try await shell.member(named: "sleep")
        #expect(try ProcessStatus.ancestry(of: command.identifier).count { $0.name == "sh" } >= 2)
        let session = try await session(of: command.identifier)
        #expect(session.connection?.bare == connection.ofServer)
        #expect(try session.start == ProcessStatus.read(shell.identifier)?.start)
    }

    @Test func anAncestorInAnotherNamespaceIsAskedInItsOwn() async throws {
        let connection = try await connect(.ipv6)
        let enter = "nsenter --net=\(network.outside.path) sleep 60 </dev/null; :"
        let shell = try await shell(enter, connection.server)
        let command = try await shell.member(named: "sleep")
        let session = try await network.outside.run { try LoginSession.of(process: command.identifier) }
        #expect(session.connection?.bare == connection.ofServer)
        #expect(session.connection?.interface == nil)
        #expect(try session.start == ProcessStatus.read(shell.identifier)?.start)
    }

    @Test func aConnectionThatGoesOutCarriesNoSession() async throws {
        let connection = try await TCPConnection.open(
            from: try network.end(.ipv4, inside: true),
            to: try network.end(.ipv4, inside: false),
            port: 2_222
        )
        let shell = try await shell("sleep 60 </dev/null; :", connection.client)
        let command = try await shell.member(named: "sleep")
        let session = try await session(of: command.identifier)
        // These tests may themselves run under SSH.
        #expect(try session.connection == LoginSession.of(process: getpid()).connection)
        withExtendedLifetime(shell) {}
    }

    /// What a process of a login with these sockets is taken to be connected by.
    private func conversation(
        _ held: [Socket],
        _ named: NamedConnection? = nil
    ) async throws -> SocketEntry? {
        let login = try await network.inside.run {
            try TestProcess(["/bin/sleep", "60"], holding: held.map(\.descriptor))
        }
        return try await network.inside.run {
            defer { withExtendedLifetime(login) {} }
            let process = try #require(try ProcessStatus.read(login.identifier))
            let sockets = try HeldSockets(of: [process])
            return try LoginSession.conversation(of: process, sockets, named)?.1
        }
    }

    /// `ssh -R`: the process of the login listens for its client, and holds what comes there.
    @Test func whatIsForwardedToTheClientIsNotTheSession() async throws {
        let (connection, forwarded) = (try await connect(.ipv4), try await connect(.ipv4, port: 8_080))
        let found = try await conversation([connection.server, forwarded.server, forwarded.listener])
        #expect(found?.localPort == 2_222)
        #expect(found?.remotePort == connection.clientAddress.port)
        // Without what it listens with, nobody could tell.
        #expect(try await conversation([connection.server, forwarded.server]) == nil)
    }

    /// A daemon that serves all its connections in one process: only the environment says which.
    @Test func ofSeveralConnectionsTheEnvironmentNamesOne() async throws {
        let connections = [try await connect(.ipv4), try await connect(.ipv6)]
        let held = connections.flatMap { [$0.server, $0.listener] }
        #expect(try await conversation(held) == nil)
        for connection in connections {
            let found = try await conversation(held, NamedConnection(connection.variable))
            #expect(found?.local == connection.serverAddress.address)
        }
    }

    /// A terminal multiplexer outlives the login that started it, and its shells come from it.
    @Test(arguments: IPFamily.allCases)
    func theEnvironmentNamesAConnectionThatLives(_ family: IPFamily) async throws {
        let connection = try await connect(family)
        let login = try await shell("sleep 60; :", connection.server)
        let (orphan, ended) = try await orphan()
        let found = try await session(of: orphan, sshConnection: connection.variable)
        #expect(found.connection?.bare == connection.ofServer)
        #expect(try found.start == ProcessStatus.read(login.identifier)?.start)
        for other in ["", "a b c d", "192.0.2.1 22 192.0.2.2 22", "\(connection.variable) 1"] {
            let session = try await session(of: orphan, sshConnection: other)
            #expect(session.connection == nil)
            #expect(try session.start == ProcessStatus.read(orphan)?.start)
        }
        withExtendedLifetime(ended) {}
    }

    /// What a command begins in is as old as the oldest that it comes from: a session of its own, which sudo makes,
    /// makes no new login of an old console.
    @Test func withoutAConnectionTheOldestAncestorCounts() async throws {
        let shell = try await shell("sleep 0.05; sleep 60; :", nil)
        try await Task.sleep(for: .milliseconds(100))
        let command = try await shell.member(named: "sleep")
        let session = try await session(of: command.identifier)
        // These tests may themselves run under SSH.
        #expect(try session.connection == LoginSession.of(process: getpid()).connection)
        if session.connection == nil {
            let ancestors = try ProcessStatus.ancestry(of: command.identifier).filter {
                $0.identifier != 1 || $0.sessionLeader == command.sessionLeader
            }
            #expect(session.start == ancestors.map(\.start).min())
            #expect(try session.start < ProcessStatus.read(shell.identifier)?.start ?? .zero)
        }
        withExtendedLifetime(shell) {}
    }

    /// A process whose parent and session's leader have ended, and what ends it.
    private func orphan() async throws -> (Int32, TestProcess) {
        let shell = try await shell("sleep 62 & :", nil)
        let command = try await shell.member(named: "sleep")
        shell.wait()
        return (command.identifier, shell)
    }
}

extension TCPConnection {
    /// `SSH_CONNECTION` of a session that this connection carries.
    fileprivate var variable: String {
        "\(clientAddress.address) \(clientAddress.port) \(serverAddress.address) \(serverAddress.port)"
    }
}
