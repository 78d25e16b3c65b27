import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

@Suite struct SocketTableTests {
    @Test func listenersAreSortedAndCountOnce() {
        let table = SocketTable([
            .waiting("0.0.0.0", 53, .udp, inode: 1), .waiting("0.0.0.0", 443, inode: 2),
            .waiting("0.0.0.0", 443, inode: 3), .waiting("127.0.0.1", 443, inode: 4),
            .waiting("::", 22, inode: 5), .waiting("0.0.0.0", 22, inode: 6),
        ])
        #expect(table.listeners.map(\.port) == [22, 22, 443, 443, 53])
        #expect(
            table.listeners.map(\.address.description) == [
                "0.0.0.0", "::", "0.0.0.0", "127.0.0.1", "0.0.0.0",
            ]
        )
        #expect(table.listeners.allSatisfy { !$0.takesBothFamilies })
    }

    /// Without an answer of the kernel a listener of IPv4 on the same port decides.
    @Test(arguments: [(nil, true), (false, true), (true, false)] as [(Bool?, Bool)])
    func aSocketOnEveryAddressOfIPv6TakesIPv4Too(_ isIPv6Only: Bool?, takesBoth: Bool) throws {
        let connection = SocketEntry.connected("192.0.2.1", 80, "192.0.2.9", 5_000)
        let table = SocketTable([.waiting("::", 80, isIPv6Only: isIPv6Only), connection])
        #expect(table.listeners.map(\.takesBothFamilies) == [takesBoth])
        #expect(table.connections.map(\.isInbound) == [takesBoth])
    }

    @Test(
        arguments: [
            ("0.0.0.0", 80, true), ("192.0.2.1", 80, true), ("192.0.2.2", 80, false), ("0.0.0.0", 81, false),
        ] as [(String, UInt16, Bool)]
    )
    func aConnectionToAPortThatIsListenedOnCameIn(_ address: String, port: UInt16, isInbound: Bool) {
        for transportProtocol in [IPProtocol.tcp, .udp] {
            let table = SocketTable([
                .waiting(address, port, transportProtocol),
                .connected("192.0.2.1", 80, "192.0.2.9", 5_000, transportProtocol),
                // A port of another protocol means nothing.
                .waiting("0.0.0.0", 80, transportProtocol == .tcp ? .udp : .tcp),
            ])
            #expect(table.connections.map(\.isInbound) == [isInbound])
        }
    }

    @Test func everyLoopbackAddressIsOfTheLoopbackInterface() throws {
        let known = try #require(IPAddress("192.0.2.1"))
        let table = SocketTable(
            ["127.0.0.5", "192.0.2.1", "192.0.2.2"].map {
                .connected($0, 80, "192.0.2.9", 5_000)
            },
            interfaces: [known: "eth0"]
        )
        #expect(table.connections.map(\.interface) == ["lo", "eth0", nil])
    }

    @Test func aSocketThatSystemdOpenedIsTheDaemons() {
        var owners = SocketOwners()
        owners.add(1, .ofRoot("systemd"), [7, 8])
        owners.add(500, .ofRoot("sshd"), [7])
        let table = SocketTable(
            [
                .waiting("0.0.0.0", 22, inode: 7), .waiting("0.0.0.0", 23, inode: 8),
                .waiting("0.0.0.0", 24, inode: 9),
            ],
            owners: owners
        )
        #expect(table.listeners.map(\.process) == ["sshd", "systemd", nil])
    }

    @Test(
        arguments: [("socket:[4711]", 4_711), ("pipe:[4711]", nil), ("socket:[", nil), ("/dev/null", nil)]
            as [(String, UInt64?)]
    )
    func aDescriptorOfASocketNamesItsInode(_ link: String, inode: UInt64?) {
        #expect(SocketOwners.inode(ofLink: link) == inode)
    }

    @Test(.needsRoot, arguments: IPFamily.allCases)
    func bothEndsOfAConnectionAreFoundInTheirNamespaces(_ family: IPFamily) async throws {
        let network = try await Setting().network
        let (inside, outside) = (
            try network.end(family, inside: true), try network.end(family, inside: false)
        )
        let connection = try await TCPConnection.open(from: outside, to: inside, port: 8_080)
        let program = try #require(try ProcessStatus.read(getpid())).name
        let (here, there) = (
            try await network.inside.run { try SocketTable.read() },
            try await network.outside.run { try SocketTable.read() }
        )
        var listener = Listener(.tcp, inside.address, port: 8_080, process: program)
        // Who builds as somebody else has a program of theirs.
        listener.isOfRoot = here.listeners.first?.isOfRoot ?? false
        #expect(here.listeners == [listener])
        #expect(there.listeners.isEmpty)
        var expected = (connection.ofServer, connection.ofClient)
        (expected.0.interface, expected.1.interface) = ("eth0", "eth0")
        (expected.0.process, expected.1.process) = (program, program)
        #expect(here.connections == [expected.0])
        #expect(there.connections == [expected.1])
    }

    @Test(.needsRoot) func theKernelSaysWhichSocketsTakeBothFamilies() async throws {
        let namespace = try await NetworkNamespace.make()
        let unspecified = IPAddress(family: .ipv6, value: 0)
        let table = try await namespace.run {
            var sockets: [Socket] = []
            for (port, only) in [(UInt16(1_001), Int32(0)), (1_002, 1)] {
                for type in [SOCK_STREAM, SOCK_DGRAM] {
                    let socket = try Socket(AF_INET6, type)
                    try socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: only)
                    try socket.bind(to: SocketAddress(unspecified, port: port))
                    if type == SOCK_STREAM { try socket.listen(backlog: 1) }
                    sockets.append(socket)
                }
            }
            return try withExtendedLifetime(sockets) { try SocketTable.read() }
        }
        #expect(table.entries.count { $0.isIPv6Only == true } == 2)
        #expect(table.listeners.map(\.port) == [1_001, 1_002, 1_001, 1_002])
        #expect(table.listeners.map(\.takesBothFamilies) == [true, false, true, false])
    }

    @Test(.needsRoot) func aConnectedSocketOfUDPIsAConnection() async throws {
        let network = try await Setting().network
        let (inside, outside) = (try network.end(.ipv4, inside: true), try network.end(.ipv4, inside: false))
        let table = try await network.inside.run {
            let connected = try Socket(AF_INET, SOCK_DGRAM)
            let error = connected.connect(to: SocketAddress(outside.address, port: 53))
            if let error { throw error }
            let waiting = try Socket(AF_INET, SOCK_DGRAM)
            try waiting.bind(to: SocketAddress(inside.address, port: 5_353))
            return try withExtendedLifetime([connected, waiting]) { try SocketTable.read() }
        }
        #expect(table.listeners.map(\.port) == [5_353])
        #expect(table.connections.map(\.remotePort) == [53])
        #expect(table.connections.map(\.isInbound) == [false])
        #expect(table.connections.map(\.transportProtocol) == [.udp])
    }

    @Test(.needsRoot) func everyAddressHasItsInterface() async throws {
        let network = try await Setting().network
        let interfaces = try await network.inside.run { try InterfaceAddresses.read() }
        #expect(interfaces[try #require(network.linkLocalAddress(ofInside: "lan0"))] == "lan0")
        for family in IPFamily.allCases {
            #expect(interfaces[try network.end(family, inside: true, link: "lan0").address] == "lan0")
            #expect(interfaces[try network.end(family, inside: true, link: "eth0").address] == "eth0")
        }
        #expect(interfaces[IPAddress(family: .ipv6, value: 1)] == "lo")
    }

    @Test(.needsRoot) func aLabelIsNoPartOfAnInterfacesName() async throws {
        let namespace = try await NetworkNamespace.make()
        let line = "address add 192.0.2.7/32 dev lo label lo:7\n"
        try await Tool(named: "ip").run(["-batch", "-"], text: line, in: namespace)
        let address = try #require(IPAddress("192.0.2.7"))
        #expect(try await namespace.run { try InterfaceAddresses.read()[address] } == "lo")
    }
}

extension SocketOwners.Process {
    static func ofRoot(_ name: String) -> SocketOwners.Process {
        SocketOwners.Process(name: name, user: 0, isOfRoot: true)
    }
}
