import Compiler
import Glibc
import Netlink
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// Addresses that mean something within a host, and come in by a wire.
@Suite(.needsRoot) struct MisplacedAddressFacts {
    private let loopback = IPAddress(family: .ipv4, value: 0x7F00_0001)

    /// The one of IPv6 that stands for an address of IPv4.
    private func mapped(_ address: IPAddress) -> IPAddress {
        IPAddress(family: .ipv6, value: 0xFFFF << 32 | address.value)
    }

    private func datagram(from source: IPAddress, to destination: IPAddress, port: UInt16) -> Probe {
        let packet = WirePacket(from: source, to: destination, .udp(source: 40_000, destination: port))
        return .inbound(packet, on: "eth0")
    }

    /// The kernel takes such a SYN of TCP for nothing, but not a datagram (net/ipv4/tcp_ipv6.c, `tcp_v6_conn_request`).
    @Test func factASocketOfBothFamiliesTakesMappedSendersForIPv4() async throws {
        let scene = try await Scene()
        let server = try await scene.network.inside.run {
            let socket = try Socket(AF_INET6, SOCK_DGRAM)
            try socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0)
            try socket.bind(to: SocketAddress(IPAddress(family: .ipv6, value: 0), port: 7_000))
            return socket
        }
        let sender = mapped(loopback)
        let probe = datagram(from: sender, to: try scene.host(.ipv6), port: 7_000)
        #expect(try await scene.observe(probe) == .passed)
        let received = try #require(server.receiveFrom(sockaddr_in6()))
        let said = unsafe withUnsafeBytes(of: received.from.sin6_addr) { unsafe Array($0) }
        #expect(said == sender.bytes)
    }

    @Test(arguments: BackendKind.allCases)
    func mappedAddressesAreDroppedWhateverLinesAdmit(_ backend: BackendKind) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        let (host, stranger) = (try scene.host(.ipv6), IPFamily.ipv6.foreign(5))
        let senders = [loopback, IPFamily.ipv4.foreign(5)].map(mapped)
        func probes() -> [Probe] {
            senders.map { datagram(from: $0, to: host, port: 9) } + [
                datagram(from: stranger, to: host, port: 9),
                .forwarded(
                    WirePacket(from: senders[1], to: stranger, .udp(source: 40_001, destination: 9)),
                    on: "lan0",
                    leaving: "eth0"
                ),
            ]
        }
        let open = "inbound: [{allow: udp}]\nforward: [{allow: udp}]\n"
        try await scene.apply(open, backend)
        #expect(try await scene.observe(probes()) == [.silence, .silence, .passed, .silence])
        try await scene.apply("baseline: {mapped-addresses: false}\n" + open, backend)
        #expect(try await scene.observe(probes()) == [.passed, .passed, .passed, .passed])
    }

    /// `route_localnet` is set in the namespaces, as Kubernetes and some hosts of Docker have it.
    @Test func factRouteLocalnetOpensLoopbackAddressesToOthers() async throws {
        let scene = try await Scene()
        let probe = datagram(from: IPFamily.ipv4.foreign(5), to: loopback, port: 9)
        #expect(try await scene.observe(probe) == .passed)
        try await scene.network.inside.run {
            for scope in ["all", "eth0"] {
                try NetworkNamespace.set("net/ipv4/conf/\(scope)/route_localnet", to: "0")
            }
        }
        #expect(try await scene.observe(probe) == .silence)
    }

    @Test(arguments: BackendKind.allCases)
    func whatListensOnLoopbackAloneStaysInside(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound: [{allow: [tcp/7000, udp/7000]}]", backend)
        let source = IPFamily.ipv4.foreign(5)
        func probes() throws -> [Probe] {
            let syn = WirePacket.TCPHeader(source: 40_000, destination: 7_000, flags: .syn)
            return [
                .inbound(WirePacket(from: source, to: loopback, .tcp(syn)), on: "eth0"),
                datagram(from: source, to: loopback, port: 7_000),
                datagram(from: source, to: try scene.host(.ipv4), port: 7_000),
            ]
        }
        #expect(try await scene.observe(try probes()) == [.silence, .silence, .passed])
        for transport in LiveConversation.Transport.allCases {
            _ = try await LiveConversation.open(
                transport,
                from: .init(loopback, port: 7_001, scene.network.inside),
                to: .init(loopback, port: 7_000, scene.network.inside)
            )
        }
        try await scene.apply(
            "baseline: {spoofed-loopback: false}\ninbound: [{allow: [tcp/7000, udp/7000]}]",
            backend
        )
        #expect(try await scene.observe(try probes()) == [.passed, .passed, .passed])
    }

    /// Published ports of local services, and node ports that a host asks of itself.
    @Test(arguments: BackendKind.allCases, LiveConversation.Transport.allCases)
    func whatNATSendsToLoopbackAndBackPasses(
        _ backend: BackendKind,
        _ transport: LiveConversation.Transport
    ) async throws {
        let scene = try await Scene()
        try await scene.apply(
            "inbound: [{allow: [tcp/7000, udp/7000]}]\noutbound: [{allow: [tcp/7002, udp/7002]}]",
            backend
        )
        try await scene.load(
            """
            chain prerouting {
                type nat hook prerouting priority dstnat
                iifname "eth0" meta l4proto { tcp, udp } th dport 7000 dnat ip to 127.0.0.1:7001
            }
            chain postrouting {
                type nat hook postrouting priority srcnat
                ip saddr 127.0.0.0/8 oifname "eth0" masquerade
            }
            """
        )
        let (host, stranger) = (try scene.host(.ipv4), IPFamily.ipv4.foreign(5))
        try await scene.network.adopt([stranger], on: "eth0")
        _ = try await LiveConversation.open(
            transport,
            from: .init(stranger, port: 5_000, scene.network.outside),
            to: .init(loopback, port: 7_001, scene.network.inside),
            asking: SocketAddress(host, port: 7_000)
        )
        let out = try await scene.observe(
            .conversation(
                Conversation(
                    transport == .tcp ? .tcp(port: 7_002) : .udp(port: 7_002),
                    .outbound(),
                    from: loopback,
                    to: stranger,
                    on: "eth0"
                )
            )
        )
        #expect(out == .passed)
    }
}
