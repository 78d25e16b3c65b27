import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct ConnectionTrackingTests {
    /// A firewall that admits only what it knows.
    private static let established = """
        chain input { type filter hook input priority 0; policy drop; ct state established accept; }
        chain output { type filter hook output priority 0; policy drop; ct state established accept; }
        """

    private static func load(in network: TestNetwork) async throws {
        let text = "table inet test {\n\(established)\n}\n"
        try await Tool(named: "nft").run(["-f", "-"], text: text, in: network.inside)
    }

    /// A connection of each family, begun by each side.
    private static func connections(_ network: TestNetwork, port: UInt16) async throws -> [TCPConnection] {
        var result: [TCPConnection] = []
        for family in IPFamily.allCases {
            for isInbound in [true, false] {
                result.append(
                    try await .open(
                        from: try network.end(family, inside: !isInbound),
                        to: try network.end(family, inside: isInbound),
                        port: isInbound ? port : port + 1
                    )
                )
            }
        }
        return result
    }

    /// Eight connections, of each family, begun by each side, with bytes to each side, are older than any rule.
    @Test(arguments: [true, false], [true, false])
    func whatIsAdoptedGoesOnAndTheRestFreezes(_ isAdopted: Bool, isLoose: Bool) async throws {
        let network = try await Setting().network
        let toServer = try await Self.connections(network, port: 2_000)
        let toClient = try await Self.connections(network, port: 3_000)
        let watch = StreamWatch(
            toServer.map { .init(from: $0.client, to: $0.server) }
                + toClient.map { .init(from: $0.server, to: $0.client) }
        )
        let clock = ContinuousClock()
        let start = clock.now
        try await watch.run {
            try await Task.sleep(for: .milliseconds(400))
            #expect(watch.longestGaps(from: start, to: clock.now).allSatisfy { $0 < .milliseconds(300) })
            let before = clock.now
            let adopted = try await network.inside.run {
                try NetworkNamespace.set("net/netfilter/nf_conntrack_tcp_loose", to: isLoose ? "1" : "0")
                return isAdopted
                    ? try ConnectionTracking.adopt(SocketTable.readWithoutPrograms().connections) : 0
            }
            #expect(adopted == (isAdopted ? 8 : 0))
            try await Self.load(in: network)
            let after = clock.now
            try await Task.sleep(for: .milliseconds(2_500))
            if isAdopted {
                #expect(watch.longestGaps(from: before, to: clock.now).allSatisfy { $0 < .seconds(1) })
            } else {
                // What was on its way may arrive yet.
                let quiet = watch.longestGaps(from: after + .milliseconds(200), to: clock.now)
                #expect(quiet.allSatisfy { $0 > .seconds(2) })
            }
        }
    }

    @Test(arguments: IPFamily.allCases, [true, false])
    func aConnectedSocketOfUDPGoesOn(_ family: IPFamily, isAdopted: Bool) async throws {
        let network = try await Setting().network
        let (inside, outside) = (
            try network.end(family, inside: true), try network.end(family, inside: false)
        )
        let domain = SocketAddress.domain(of: family)
        let server = try await network.outside.run {
            let socket = try Socket(domain, SOCK_DGRAM)
            try socket.bind(to: SocketAddress(outside.address, port: 53))
            return socket
        }
        let client = try await network.inside.run {
            let socket = try Socket(domain, SOCK_DGRAM)
            try socket.bind(to: SocketAddress(inside.address, port: 5_353))
            if let error = socket.connect(to: SocketAddress(outside.address, port: 53)) { throw error }
            return socket
        }
        let adopted = try await network.inside.run {
            isAdopted ? try ConnectionTracking.adopt(SocketTable.readWithoutPrograms().connections) : 0
        }
        #expect(adopted == (isAdopted ? 1 : 0))
        try await Self.load(in: network)
        #expect(server.send([1, 2, 3], to: SocketAddress(inside.address, port: 5_353)) == nil)
        try await Task.sleep(for: .milliseconds(100))
        #expect(client.receive() == (isAdopted ? [1, 2, 3] : nil))
    }

    @Test(arguments: IPFamily.allCases, [true, false])
    func whatIsKnownIsLeftAsItIs(_ family: IPFamily, isInbound: Bool) async throws {
        let network = try await Setting().network
        let connection = try await TCPConnection.open(
            from: try network.end(family, inside: !isInbound),
            to: try network.end(family, inside: isInbound),
            port: 2_000
        )
        let live = isInbound ? connection.ofServer : connection.ofClient
        // Whoever is thought to have begun it.
        var other = live
        other.isInbound.toggle()
        let (known, adopted) = try await network.inside.run { [other] in
            let before = try ConnectionTracking.isKnown(live)
            let adopted = try [[live], [live], [other, live]].map { try ConnectionTracking.adopt($0) }
            return (try [before] + [live, other].map { try ConnectionTracking.isKnown($0) }, adopted)
        }
        #expect(known == [false, true, true])
        #expect(adopted == [1, 0, 0])
        let entry = try await Tool(named: "conntrack").run(
            ["-L", "-f", "\(family)"],
            text: "",
            in: network.inside
        )
        #expect(entry.split(separator: "\n").count == 1)
        let ports = "sport=\(connection.clientAddress.port) dport=2000"
        #expect(entry.contains("ESTABLISHED src=\(connection.clientAddress.address) "))
        #expect(entry.contains(ports))
        #expect(entry.contains("[ASSURED]"))
        #expect(!entry.contains("UNREPLIED"))
    }

    /// Rules that are loaded for a moment, if only to be tried, make the kernel track what passes meanwhile: a packet of a
    /// server and no answer, say. It would call the next one of the server new.
    @Test(arguments: IPFamily.allCases)
    func whatIsKnownByHalvesIsKnownWhole(_ family: IPFamily) async throws {
        let network = try await Setting().network
        let connection = try await TCPConnection.open(
            from: try network.end(family, inside: false),
            to: try network.end(family, inside: true),
            port: 2_000
        )
        let ends = (connection.serverAddress, connection.clientAddress)
        try await Tool(named: "conntrack").run(
            [
                "-I", "-p", "tcp", "--state", "ESTABLISHED", "-t", "100",
                "-s", "\(ends.0.address)", "--sport", "2000", "-d", "\(ends.1.address)", "--dport",
                "\(ends.1.port)",
            ],
            text: "",
            in: network.inside
        )
        let adopted = try await network.inside.run { try ConnectionTracking.adopt([connection.ofServer]) }
        #expect(adopted == 0)
        try await Self.load(in: network)
        #expect(connection.server.send([1, 2, 3]) == nil)
        try await Task.sleep(for: .milliseconds(100))
        #expect(connection.client.receive() == [1, 2, 3])
    }

    @Test func theHostsConnectionsToItselfAreLeftOut() async throws {
        let network = try await Setting().network
        for family in IPFamily.allCases {
            let loopback = IPAddress(family: family, value: family == .ipv4 ? 0x7F00_0001 : 1)
            let ends = [loopback, try network.end(family, inside: true).address]
            for (number, address) in ends.enumerated() {
                let end = TCPConnection.End(address: address, namespace: network.inside)
                let connection = try await TCPConnection.open(
                    from: end,
                    to: end,
                    port: 2_000 + UInt16(number)
                )
                let (found, adopted) = try await network.inside.run {
                    let connections = try SocketTable.read().connections
                    return (connections.map(\.isInbound), try ConnectionTracking.adopt(connections))
                }
                #expect(found.sorted { $0 && !$1 } == [true, false])
                #expect(adopted == 0)
                withExtendedLifetime(connection) {}
            }
        }
    }

    @Test func oneThatIsRefusedDoesNotKeepTheOthersOut() async throws {
        func connection(_ transportProtocol: IPProtocol) -> LiveConnection {
            let (here, there) = (IPFamily.ipv4.foreign(1), IPFamily.ipv4.foreign(2))
            return LiveConnection(
                transportProtocol,
                local: here,
                localPort: 1,
                remote: there,
                remotePort: 2,
                isInbound: true
            )
        }
        // What has types has no ports.
        let (bad, good) = (connection(.icmp), connection(.tcp))
        let namespace = try await NetworkNamespace.make()
        let error = await #expect(throws: SystemError.self) {
            try await namespace.run { try ConnectionTracking.adopt([bad, good]) }
        }
        #expect(error?.errno == .invalidArgument)
        #expect(try await namespace.run { try ConnectionTracking.isKnown(good) })
    }
}
