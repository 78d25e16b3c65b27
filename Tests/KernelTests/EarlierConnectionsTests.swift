import Compiler
import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// What a connection that stood at one moment is known by, however far it had come.
@Suite(.needsRoot) struct EarlierConnectionsTests {
    private let network: TestNetwork

    init() async throws {
        network = try await Setting().network
    }

    private func listener(_ family: IPFamily) async throws -> Socket {
        let end = try network.end(family, inside: true)
        return try await network.inside.run {
            let socket = try Socket(SocketAddress.domain(of: family), SOCK_STREAM)
            try socket.bind(to: SocketAddress(end.address, port: 2_222))
            try socket.listen(backlog: 16)
            return socket
        }
    }

    private func connect(_ family: IPFamily) async throws -> Socket {
        let (inside, outside) = (
            try network.end(family, inside: true), try network.end(family, inside: false)
        )
        return try await network.outside.run {
            let socket = try Socket(SocketAddress.domain(of: family), SOCK_STREAM)
            try socket.bind(to: SocketAddress(outside.address))
            if let error = socket.connect(to: SocketAddress(inside.address, port: 2_222)) { throw error }
            return socket
        }
    }

    private func note() async throws -> EarlierConnections {
        try await network.inside.run { try EarlierConnections.read(preferring: [2_222]) }
    }

    /// The session of a shell that a daemon starts now for a connection that it took.
    private func session(by connection: Socket, of listener: Socket) async throws -> LoginSession {
        // The daemon holds both, as one that serves all its connections itself does, and began long ago.
        let command = "exec /bin/bash -c 'sleep 61; :' 10<&- 11<&-"
        let daemon = try await network.inside.run {
            try TestProcess(
                ["/bin/bash", "-c", "(\(command)); :"],
                holding: [listener.descriptor, connection.descriptor]
            )
        }
        let shell = try await daemon.member(named: "sleep")
        return try await network.inside.run {
            defer { withExtendedLifetime(daemon) {} }
            return try LoginSession.of(process: shell.identifier)
        }
    }

    private func accepted(by listener: Socket) async throws -> Socket {
        for _ in 0..<800 {
            if let socket = listener.accept() { return socket }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Errno.timedOut
    }

    @Test(arguments: IPFamily.allCases)
    func aHandshakeBeforeIsNoNewConnectionWhenItIsTakenLater(_ family: IPFamily) async throws {
        let listener = try await listener(family)
        let old = try await connect(family)
        let states = { try await self.states() }
        while try await states() != [.established] { try await Task.sleep(for: .milliseconds(5)) }
        let earlier = try await note()
        let new = try await connect(family)
        let (first, second) = (try await accepted(by: listener), try await accepted(by: listener))
        let sessions = [
            try await session(by: first, of: listener), try await session(by: second, of: listener),
        ]
        let judgements = sessions.map { earlier.judge($0) }
        #expect(judgements == [.isEarlier, .isNew])
        #expect(sessions.map { $0.connection != nil && $0.origin == .outside } == [true, true])
        withExtendedLifetime([old, new]) {}
    }

    /// The last packet of the handshake comes after the moment.
    @Test(arguments: IPFamily.allCases)
    func aHandshakeThatGoesOnIsNoNewConnection(_ family: IPFamily) async throws {
        let listener = try await listener(family)
        let shut =
            "chain c { type filter hook input priority 0; tcp flags & (syn | ack) == (syn | ack) drop; }"
        let text = "table inet shut {\n\(shut)\n}\n"
        try await NftablesBackend().commit(NftablesProgram(text: text), in: network.outside)
        let old = try await connect(family)
        while try await states() != [.synReceived] { try await Task.sleep(for: .milliseconds(5)) }
        let earlier = try await note()
        try await NftablesBackend().commit(
            NftablesProgram(text: "delete table inet shut\n"),
            in: network.outside
        )
        let taken = try await accepted(by: listener)
        #expect(earlier.judge(try await session(by: taken, of: listener)) == .isEarlier)
        withExtendedLifetime(old) {}
    }

    /// The shell that a daemon opens on a connection that it has had for long, as a terminal in the web does.
    @Test func aNewShellOnAnOldConnectionIsNoNewConnection() async throws {
        let listener = try await listener(.ipv4)
        let client = try await connect(.ipv4)
        let old = try await accepted(by: listener)
        let earlier = try await note()
        let moment = try await session(by: old, of: listener)
        #expect(moment.connection != nil && moment.origin == .outside)
        #expect(earlier.judge(moment) == .isEarlier)
        withExtendedLifetime(client) {}
    }

    /// Where there are too many, all are known to the ports that come first, and of others nothing is known.
    @Test func tooManyAreUnknownNotNew() async throws {
        let listener = try await listener(.ipv4)
        let clients = [try await connect(.ipv4), try await connect(.ipv4)]
        let old = [try await accepted(by: listener), try await accepted(by: listener)]
        let (some, known, none) = try await network.inside.run {
            (
                try EarlierConnections.read(preferring: [], atMost: 1),
                try EarlierConnections.read(preferring: [2_222], atMost: 2),
                try EarlierConnections.read(preferring: [2_222], atMost: 1)
            )
        }
        #expect(some.keys.count == 1 && some.knownPorts == [])
        #expect(known.keys.count == 2 && known.knownPorts == nil)
        #expect(none.knownPorts == [])
        let client = try await connect(.ipv4)
        let new = try await session(by: try await accepted(by: listener), of: listener)
        let judgements = [some, known, none].map { $0.judge(new) }
        #expect(judgements == [.isUnknown, .isNew, .isUnknown])
        withExtendedLifetime((clients, old, client)) {}
    }

    /// Without sock_diag a connection is known by its ends; a note of cookies tells nothing of one that has none.
    @Test func aSessionWithoutACookieIsKnownByItsEndsOrNotAtAll() {
        let ends = { (port: UInt16) in
            LoginSession(
                connection: SocketEntry.connected("192.0.2.1", 22, "192.0.2.9", port).asConnection,
                start: .zero
            )
        }
        let cookies = EarlierConnections(keys: [7], haveCookies: true, knownPorts: nil)
        #expect(cookies.judge(ends(5_000)) == .isUnknown)
        #expect(cookies.judge(LoginSession(connection: nil, start: .zero)) == .isUnknown)
    }

    private func states() async throws -> [SocketEntry.State] {
        try await network.inside.run {
            var states: [SocketEntry.State] = []
            try SocketReader().visit(.tcp, in: [.established, .synReceived]) { states.append($0.state) }
            return states
        }
    }
}

extension SocketEntry {
    fileprivate var asConnection: LiveConnection {
        LiveConnection(
            .tcp,
            local: local,
            localPort: localPort,
            remote: remote,
            remotePort: remotePort,
            isInbound: true
        )
    }
}
