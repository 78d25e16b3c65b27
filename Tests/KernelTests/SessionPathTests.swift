import Glibc
import Netlink
import PacketModel
import SystemPackage
import TestSupport
import Testing

@testable import Kernel

/// The way of a session is followed to what carries it.
@Suite(.needsRoot) struct SessionPathTests {
    private let network: TestNetwork

    init() async throws {
        network = try await Setting().network
    }

    private func ip(_ lines: String, in namespace: NetworkNamespace) async throws {
        try await Tool(named: "ip").run(["-batch", "-"], text: lines, in: namespace)
    }

    private func path(from remote: String, to local: String) async throws -> SessionPath {
        let connection = LiveConnection(
            .tcp,
            local: try #require(IPAddress(local)),
            localPort: 22,
            remote: try #require(IPAddress(remote)),
            remotePort: 50_000,
            isInbound: true
        )
        return try await network.inside.run { try SessionPath.of(connection) }
    }

    private func ends(_ family: IPFamily) throws -> (inside: IPAddress, outside: IPAddress) {
        (try network.end(family, inside: true).address, try network.end(family, inside: false).address)
    }

    @Test(arguments: IPFamily.allCases)
    func whatComesByALinkItselfHasNoTunnel(_ family: IPFamily) async throws {
        let (inside, outside) = try ends(family)
        #expect(try await path(from: "\(outside)", to: "\(inside)") == SessionPath())
        #expect(try await path(from: "198.51.100.7", to: "127.0.0.1") == SessionPath())
    }

    @Test(arguments: IPFamily.allCases, [true, false])
    func aTunnelOfVXLANLeadsToItsOtherEnd(_ family: IPFamily, _ isBridged: Bool) async throws {
        let (inside, outside) = try ends(family)
        for (namespace, local, remote, own) in [
            (network.inside, inside, outside, "10.99.0.1/24"),
            (network.outside, outside, inside, "10.99.0.2/24"),
        ] {
            let device = isBridged && namespace === network.inside ? "br0" : "vx0"
            let bridge = device == "br0" ? "link add br0 type bridge\nlink set vx0 master br0\n" : ""
            try await ip(
                """
                link add vx0 type vxlan id 5 local \(local) remote \(remote) dstport 4789
                \(bridge)link set vx0 up
                link set \(device) up
                address add \(own) dev \(device)

                """,
                in: namespace
            )
        }
        // The neighbour must be known.
        try await Tool(named: "ping").run(["-c", "1", "-W", "5", "10.99.0.2"], in: network.inside)
        var flow = OuterFlow(.udp, remote: outside, local: inside, port: 4_789)
        flow.interface = "eth0"
        let found = try await path(from: "10.99.0.2", to: "10.99.0.1")
        #expect(found.tunnels == [Tunnel(name: "vx0 (vxlan)", flows: [flow])])
        #expect(found.guest == nil)
    }

    @Test(arguments: ["docker0", "lxcbr0", "virbr0", "br0"])
    func aGuestOfThisHostIsNotOutside(_ bridge: String) async throws {
        let guest = try await NetworkNamespace.make()
        try await ip(
            """
            link add \(bridge) type bridge
            address add 172.17.0.1/16 dev \(bridge)
            link add veth1 type veth peer name eth0 netns \(guest.path)
            link set veth1 master \(bridge)
            link set veth1 up
            link set \(bridge) up

            """,
            in: network.inside
        )
        try await ip("address add 172.17.0.2/16 dev eth0\nlink set eth0 up\n", in: guest)
        #expect(try await path(from: "172.17.0.2", to: "172.17.0.1").guest == bridge)
        try await Tool(named: "ping").run(["-c", "1", "-W", "5", "172.17.0.2"], in: network.inside)
        #expect(try await path(from: "172.17.0.2", to: "172.17.0.1").guest == bridge)
        let (inside, outside) = try ends(.ipv4)
        #expect(try await path(from: "\(outside)", to: "\(inside)").guest == nil)
    }

    /// A host of virtual machines has its own address on a bridge: what comes in by the card is from outside.
    @Test func aBridgeHasTwoSides() async throws {
        let guest = try await NetworkNamespace.make()
        let (inside, outside) = try ends(.ipv4)
        try await ip(
            """
            link add br0 type bridge
            link set eth0 master br0
            address flush dev eth0
            address add \(inside)/24 dev br0
            link add vnet3 type veth peer name eth0 netns \(guest.path)
            link set vnet3 master br0
            link set vnet3 up
            link set br0 up

            """,
            in: network.inside
        )
        let third = IPAddress(family: .ipv4, value: inside.value & ~0xFF | 77)
        try await ip("address add \(third)/24 dev eth0\nlink set eth0 up\n", in: guest)
        for neighbour in [outside, third] {
            try await Tool(named: "ping").run(["-c", "1", "-W", "5", "\(neighbour)"], in: network.inside)
        }
        #expect(try await path(from: "\(third)", to: "\(inside)").guest == "br0")
        #expect(try await path(from: "\(outside)", to: "\(inside)").guest == nil)
    }

    /// OpenVPN and its like: a program with an interface of its own, which this test is here.
    @Test func theProgramOfAnInterfaceCarriesIt() async throws {
        let (inside, outside) = try ends(.ipv4)
        let held = try await network.inside.run {
            let device = unsafe open("/dev/net/tun", O_RDWR | O_CLOEXEC)
            try #require(device >= 0)
            // struct ifreq: a name and flags, IFF_TUN and IFF_NO_PI; TUNSETIFF (linux/if_tun.h).
            var request = [UInt8](repeating: 0, count: 40)
            request.replaceSubrange(0..<4, with: Array("tun7".utf8))
            request.replaceSubrange(16..<18, with: [0x01, 0x10])
            let result = unsafe request.withUnsafeMutableBytes { bytes in
                unsafe bytes.baseAddress.map { unsafe ioctl(device, 0x4004_54CA, $0) }
            }
            try #require(result == 0)
            let socket = try Socket(AF_INET, SOCK_DGRAM)
            try socket.bind(to: SocketAddress(inside, port: 1_194))
            if let error = socket.connect(to: SocketAddress(outside, port: 5_001)) { throw error }
            return (device, socket)
        }
        defer { close(held.0) }
        try await ip("address add 10.8.0.1/24 dev tun7\nlink set tun7 up\n", in: network.inside)
        let found = try await path(from: "10.8.0.2", to: "10.8.0.1")
        var flow = OuterFlow(.udp, remote: outside, local: inside, port: 1_194, begunHere: 5_001)
        flow.interface = "eth0"
        #expect(found.tunnels.map(\.name) == ["tun7 (a program's)"])
        #expect(found.tunnels.first?.flows.contains(flow) == true)
    }

    @Test func whatIPsecAsksForIsFound() async throws {
        let (inside, outside) = try ends(.ipv4)
        let template = "tmpl src \(outside) dst \(inside) proto esp reqid 7 mode tunnel"
        try await ip(
            """
            xfrm policy add src 10.5.0.0/16 dst 10.6.0.1/32 dir in priority 100 \(template)
            xfrm policy add src 10.5.9.0/24 dst 10.6.0.1/32 dir in priority 50
            xfrm policy add src 10.6.0.1/32 dst 10.5.0.0/16 dir out tmpl src \(inside) dst \(outside) proto esp reqid 7 mode tunnel
            xfrm policy add src \(outside)/32 dst \(inside)/32 proto tcp dport 23 dir in tmpl proto esp reqid 8 mode transport

            """,
            in: network.inside
        )
        var flows = [
            OuterFlow(.esp, remote: outside, local: inside),
            OuterFlow(.udp, remote: outside, local: inside, port: 500),
        ]
        for index in flows.indices { flows[index].interface = "eth0" }
        let found = try await path(from: "10.5.0.9", to: "10.6.0.1")
        #expect(found.tunnels == [Tunnel(name: "IPsec", flows: flows)])
        // A policy that goes before asks for nothing, and one for another port is for others.
        #expect(try await path(from: "10.5.9.9", to: "10.6.0.1").tunnels.isEmpty)
        #expect(try await path(from: "\(outside)", to: "\(inside)").tunnels.isEmpty)
    }

    /// The states are asked for the port of those that UDP carries.
    @Test func whatUDPCarriesIsUDP() throws {
        var policies = SecurityPolicies()
        let (peer, own) = (try #require(IPAddress("203.0.113.5")), try #require(IPAddress("192.0.2.1")))
        let any = try #require(Prefix(text: "0.0.0.0/0"))
        let port = SecurityPolicy.MaskedPort(value: 0, mask: 0)
        policies.inbound = [
            SecurityPolicy(
                priority: 1,
                source: any,
                target: any,
                transportProtocol: 0,
                sourcePort: port,
                targetPort: port,
                templates: [
                    .init(source: peer, target: own, transportProtocol: 50, request: 7, isTunnel: true)
                ]
            )
        ]
        policies.carriedByUDP = [7: 4_500]
        let inner = try #require(IPAddress("10.0.0.9"))
        #expect(
            policies.flows(from: inner, to: nil, nil, linkedTo: nil) == [
                OuterFlow(.udp, remote: peer, local: own, port: 4_500)
            ]
        )
        #expect(policies.flows(from: inner, to: nil, nil, linkedTo: 3).isEmpty)
    }

    /// As the kernel tells it (linux/wireguard.h): this machine may have none.
    @Test func aPeerOfWireGuardIsFoundByItsAddresses() throws {
        func address(_ text: String, _ length: UInt8) throws -> NetlinkAttribute {
            let address = try #require(IPAddress(text))
            return NetlinkAttribute(
                0,
                nested: [NetlinkAttribute(2, address.bytes), NetlinkAttribute(3, [length])]
            )
        }
        func peer(_ key: UInt8, endpoint: [UInt8], keepalive: UInt16, _ allowed: [NetlinkAttribute])
            -> NetlinkAttribute
        {
            NetlinkAttribute(
                0,
                nested: [
                    NetlinkAttribute(1, [UInt8](repeating: key, count: 32)), NetlinkAttribute(4, endpoint),
                    NetlinkAttribute(5, keepalive.hostBytes), NetlinkAttribute(9, nested: allowed),
                ]
            )
        }
        let endpoint4: [UInt8] = [2, 0, 0x13, 0x89, 203, 0, 113, 5] + [UInt8](repeating: 0, count: 8)
        let endpoint6: [UInt8] =
            [10, 0, 0x13, 0x8A, 0, 0, 0, 0] + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [
                9
            ]
            + [0, 0, 0, 0]
        func read(_ attributes: [NetlinkAttribute]) throws -> WireGuardDevice {
            try #require(WireGuardDevice(NetlinkAttribute.all(in: attributes.flatMap(\.bytes)[...])))
        }
        let device = try read(
            [
                NetlinkAttribute(6, UInt16(51_820).hostBytes),
                NetlinkAttribute(
                    8,
                    nested: [
                        peer(1, endpoint: endpoint4, keepalive: 0, [try address("10.8.0.0", 16)]),
                        peer(2, endpoint: endpoint6, keepalive: 25, [try address("10.8.3.0", 24)]),
                    ]
                ),
            ]
        )
        let rest = try read(
            [
                NetlinkAttribute(6, UInt16(51_820).hostBytes),
                NetlinkAttribute(
                    8,
                    nested: [peer(2, endpoint: [], keepalive: 0, [try address("10.7.0.0", 16)])]
                ),
            ]
        )
        let whole = device.continued(by: rest)
        func flow(_ text: String) throws -> OuterFlow? {
            whole.flows(to: try #require(IPAddress(text))).first
        }
        #expect(
            try flow("10.8.0.2")
                == OuterFlow(.udp, remote: IPAddress("203.0.113.5"), local: nil, port: 51_820)
        )
        let second = OuterFlow(
            .udp,
            remote: IPAddress("2001:db8::9"),
            local: nil,
            port: 51_820,
            begunHere: 5_002
        )
        #expect(try flow("10.8.3.2") == second)
        #expect(try flow("10.7.1.1") == second)
        #expect(try flow("10.1.1.1") == OuterFlow(.udp, remote: nil, local: nil, port: 51_820))
    }
}
