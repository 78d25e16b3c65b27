import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// One socket is asked for by its ends, whatever others are open.
@Suite(.needsRoot) struct SocketReaderTests {
    private let network: TestNetwork

    init() async throws {
        network = try await Setting().network
    }

    private func open(_ family: IPFamily, port: UInt16 = 2_222) async throws -> TCPConnection {
        try await .open(
            from: try network.end(family, inside: false),
            to: try network.end(family, inside: true),
            port: port
        )
    }

    /// By the kernel's answers, and by the tables where it gives none.
    private func readers() throws -> [SocketReader] {
        [try SocketReader(), SocketReader(tablesIn: "/proc/thread-self/net")]
    }

    @Test(arguments: IPFamily.allCases)
    func aConnectionAndItsListenerAreFoundByTheirEnds(_ family: IPFamily) async throws {
        let connection = try await open(family)
        try await network.inside.run {
            for reader in try readers() {
                let entry = try #require(try reader.connection(connection.ends))
                #expect(entry.state == .established)
                #expect(entry.isBetween(connection.ends))
                let listener = try #require(try reader.listener(for: connection.ends))
                #expect(listener.state == .listen && listener.localPort == 2_222)
                #expect(listener.inode != entry.inode)
                var other = connection.ends
                other.remotePort ^= 1
                #expect(try reader.connection(other) == nil)
                other.localPort = 2_223
                #expect(try reader.listener(for: other) == nil)
            }
        }
        withExtendedLifetime(connection) {}
    }

    @Test func aSocketOfIPv6HoldsConnectionsOfIPv4() async throws {
        let (inside, outside) = (try network.end(.ipv4, inside: true), try network.end(.ipv4, inside: false))
        let listener = try await network.inside.run {
            let socket = try Socket(AF_INET6, SOCK_STREAM)
            try socket.bind(to: SocketAddress(IPAddress(family: .ipv6, value: 0), port: 2_222))
            try socket.listen(backlog: 1)
            return socket
        }
        let client = try await network.outside.run {
            let socket = try Socket(AF_INET, SOCK_STREAM)
            if let error = socket.connect(to: SocketAddress(inside.address, port: 2_222)) { throw error }
            return socket
        }
        let ends = SocketEnds(
            local: inside.address,
            localPort: 2_222,
            remote: outside.address,
            remotePort: try SocketAddress.localPort(of: client)
        )
        try await network.inside.run {
            for reader in try readers() {
                // It waits to be accepted.
                #expect(try reader.connection(ends)?.inode == 0)
                #expect(try reader.listener(for: ends)?.family == .ipv6)
            }
        }
        withExtendedLifetime([listener, client]) {}
    }

    @Test func onlyStatesThatAreAskedForAreListed() async throws {
        let connection = try await open(.ipv4)
        try await network.inside.run {
            for reader in try readers() {
                for (state, count) in [(SocketEntry.State.listen, 1), (.established, 1), (.finWait1, 0)] {
                    var entries: [SocketEntry] = []
                    try reader.visit(.tcp, in: [state]) { entries.append($0) }
                    #expect(entries.map(\.state) == Array(repeating: state, count: count))
                }
            }
        }
        withExtendedLifetime(connection) {}
    }

    /// 40 programs of nobody with 900 descriptors each, and 1,800 sockets that listen: who is logged in is found in the
    /// same time.
    @Test func othersDoNotMakeItTakeLonger() async throws {
        let connection = try await open(.ipv4)
        let login = try await network.inside.run {
            try TestProcess(
                ["/bin/sh", "-c", "sleep 61 </dev/null; :"],
                standardInput: connection.server.descriptor
            )
        }
        let command = try await login.member(named: "sleep")
        let before = try await time(of: command.identifier, expecting: connection)
        let null = try FileDescriptor.open(FilePath("/dev/null"), .readOnly, options: .closeOnExec)
        let others = try (0..<40).map { _ in
            try TestProcess(
                ["/usr/bin/setpriv", "--reuid", "65534", "--clear-groups", "/bin/sleep", "62"],
                holding: Array(repeating: null.rawValue, count: 900)
            )
        }
        try null.close()
        var listeners: [TestProcess] = []
        for start in [0, 900] {
            listeners.append(try await listening(from: start))
        }
        let after = try await time(of: command.identifier, expecting: connection)
        // All that they hold takes 20 times as long to look at.
        #expect(after / before < 3, "\(before) became \(after)")
        withExtendedLifetime((others, listeners)) {}
    }

    /// A program of nobody that listens on 900 addresses of the loopback interface.
    private func listening(from start: Int) async throws -> TestProcess {
        try await network.inside.run {
            let sockets = try (start..<(start + 900)).map { index in
                let socket = try Socket.owned(by: 65_534, AF_INET, SOCK_STREAM)
                let address = IPAddress(family: .ipv4, value: 0x7F01_0000 + UInt128(index))
                try socket.bind(to: SocketAddress(address, port: 2_222))
                try socket.listen(backlog: 1)
                return socket
            }
            return try TestProcess(
                ["/usr/bin/setpriv", "--reuid", "65534", "--clear-groups", "/bin/sleep", "63"],
                holding: sockets.map(\.descriptor)
            )
        }
    }

    /// The shortest of some.
    private func time(of process: Int32, expecting connection: TCPConnection) async throws -> Duration {
        var shortest = Duration.seconds(1_000)
        for _ in 0..<7 {
            let clock = ContinuousClock()
            let start = clock.now
            let session = try await network.inside.run { try LoginSession.of(process: process) }
            shortest = min(shortest, clock.now - start)
            #expect(session.connection?.bare == connection.ofServer)
            #expect(session.connection != nil && session.origin == .outside)
        }
        return shortest
    }
}

extension TCPConnection {
    var ends: SocketEnds {
        SocketEnds(
            local: serverAddress.address,
            localPort: serverAddress.port,
            remote: clientAddress.address,
            remotePort: clientAddress.port
        )
    }
}
