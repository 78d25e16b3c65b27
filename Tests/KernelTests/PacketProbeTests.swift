import PacketModel
import TestSupport
import Testing

@testable import Kernel

@Suite(.needsRoot) struct PacketProbeTests {
    @Test(arguments: IPFamily.allCases)
    func scansArriveWithoutAFirewallAndNotBehindOne(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let here = try setting.inside(family)
        let scans: [TCPFlags] = [[], [.fin, .psh, .urg], .all, .syn, .ack]
        let probes = scans.enumerated().map { index, flags in
            let ports = WirePacket.TCPHeader(source: 40_000 + UInt16(index), destination: 22, flags: flags)
            return Probe.inbound(WirePacket(from: family.foreign(), to: here, .tcp(ports)), on: "eth0")
        }
        #expect(try await setting.laboratory.run(probes).map(\.observation) == scans.map { _ in .passed })
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop
                tcp flags & (fin|psh|urg) == fin|psh|urg drop
                tcp flags syn / fin,syn,rst,ack reject with tcp reset
            }
            """
        )
        let expected: [Observation] = [.silence, .silence, .silence, .refused(.reset), .passed]
        #expect(try await setting.laboratory.run(probes).map(\.observation) == expected)
    }

    @Test func spoofedLoopbackReachesTheRulesOfIPv4() async throws {
        let setting = try await Setting()
        let source = try #require(IPAddress("127.0.0.1"))
        let packet = WirePacket(from: source, to: try setting.inside(.ipv4), .udp(source: 9, destination: 9))
        #expect(try await setting.laboratory.run(.inbound(packet, on: "eth0")).observation == .passed)
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                iifname != "lo" ip saddr 127.0.0.0/8 drop
            }
            """
        )
        #expect(try await setting.laboratory.run(.inbound(packet, on: "eth0")).observation == .silence)
    }

    /// The kernel itself drops it (ip6_rcv_core, net/ipv6/ip6_input.c).
    @Test func spoofedLoopbackOfIPv6NeverArrives() async throws {
        let setting = try await Setting()
        let source = try #require(IPAddress("::1"))
        let packet = WirePacket(from: source, to: try setting.inside(.ipv6), .udp(source: 9, destination: 9))
        #expect(try await setting.laboratory.run(.inbound(packet, on: "eth0")).observation == .silence)
    }

    @Test func whatNeighboursSayArrivesByLinkLocalAddresses() async throws {
        let setting = try await Setting()
        let probes = try localLinkProbes(setting)
        #expect(try await setting.laboratory.run(probes).map(\.observation) == probes.map { _ in .passed })
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, mld-listener-query } drop
                udp dport { 68, 546 } drop
            }
            """
        )
        let expected = probes.map { _ in Observation.silence }
        #expect(try await setting.laboratory.run(probes).map(\.observation) == expected)
    }

    private func localLinkProbes(_ setting: Setting) throws -> [Probe] {
        let mine = try #require(setting.network.linkLocalAddress(ofInside: "eth0"))
        let theirs = try #require(setting.network.linkLocalAddress(ofOutside: "eth0"))
        let server = try setting.outside(.ipv4)
        return [
            .neighbourSolicitation(from: theirs, to: mine, about: mine),
            .neighbourAdvertisement(from: theirs, to: mine, about: theirs),
            .routerAdvertisement(from: theirs),
            .listenerQuery(from: theirs),
            WirePacket(from: theirs, to: mine, .udp(source: 547, destination: 546)),
            WirePacket(from: server, to: .broadcast, .udp(source: 67, destination: 68)),
        ].map { Probe.inbound($0, on: "eth0") }
    }

    @Test(arguments: IPFamily.allCases)
    func otherProtocolsArriveByTheirNumber(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let here = try setting.inside(family)
        try await setting.load(
            "chain input {\ntype filter hook input priority 0\nmeta l4proto { 51, 112 } drop\n}"
        )
        let numbers: [UInt8] = [47, 50, 51, 89, 112, 132]
        let outcomes = try await setting.laboratory.run(
            numbers.map { number in
                let transport = WirePacket.Transport.other(IPProtocol(number: number))
                let payload = [UInt8](repeating: 0, count: 24)
                let packet = WirePacket(from: family.foreign(), to: here, transport, payload: payload)
                return .inbound(packet, on: "eth0")
            }
        )
        let expected: [Observation] = [.passed, .passed, .silence, .passed, .silence, .passed]
        #expect(outcomes.map(\.observation) == expected)
    }

    @Test(arguments: IPFamily.allCases)
    func connectionTrackingTakesFirstPacketsForNew(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let here = try setting.inside(family)
        try await setting.load(
            """
            chain input {
                type filter hook input priority 0; policy drop
                ct state new meta l4proto sctp ct original proto-dst 7 accept
            }
            """
        )
        let probes = ([7, 8] as [UInt16]).map { port -> Probe in
            let transport = WirePacket.Transport.opening(.sctp, source: 9, destination: port)
            return .inbound(WirePacket(from: family.foreign(), to: here, transport), on: "eth0")
        }
        let outcomes = try await setting.laboratory.run(probes)
        #expect(outcomes.map(\.observation) == [.passed, .silence])
    }

    @Test(arguments: IPFamily.allCases)
    func forwardedPacketsAreSeenWhereTheyLeaveAsTheyLeave(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let (client, server) = (family.foreign(1), family.foreign(2))
        try await setting.load(
            """
            chain forward {
                type filter hook forward priority 0
                udp dport 1 drop
                udp dport 2 reject
            }
            chain postrouting {
                type nat hook postrouting priority 100
                oifname "eth0" udp dport 4 masquerade
            }
            """
        )
        let outcomes = try await setting.laboratory.run(
            (UInt16(1)...4).map { port in
                let packet = WirePacket(from: client, to: server, .udp(source: 5_000, destination: port))
                return .forwarded(packet, on: "lan0", leaving: "eth0")
            }
        )
        #expect(outcomes.map(\.observation) == [.silence, .refused(.icmp), .passed, .passed])
        #expect(outcomes[2].seen?.source == client)
        #expect(try outcomes[3].seen?.source == setting.inside(family))
    }

    @Test(arguments: IPFamily.allCases)
    func outboundPacketsAreSeenWhenTheyLeave(_ family: IPFamily) async throws {
        let setting = try await Setting()
        let (here, far) = (try setting.inside(family), family.foreign())
        let echo = family == .ipv4 ? UInt8(8) : 128
        let packets: [WirePacket] = [
            WirePacket(from: here, to: far, .tcp(.init(source: 40_001, destination: 25, flags: .syn))),
            WirePacket(from: here, to: far, .udp(source: 40_002, destination: 53)),
            WirePacket(from: here, to: far, .icmp(type: echo, code: 0, rest: 0x7000_0001)),
            WirePacket(from: here, to: far, .other(.gre)),
        ]
        let probes =
            packets.map { Probe.outbound($0, user: 1000) } + packets.map { Probe.outbound($0, user: 7) }
        let open = try await setting.laboratory.run(Array(probes.prefix(4)))
        #expect(open.map(\.observation) == [.passed, .passed, .passed, .passed])
        try await setting.load(
            """
            chain output {
                type filter hook output priority 0
                meta skuid 1000 drop
                meta skuid 7 reject
            }
            """
        )
        #expect(
            try await setting.laboratory.run(Array(probes.prefix(4))).map(\.observation)
                == packets.map { _ in .silence }
        )
        #expect(
            try await setting.laboratory.run(Array(probes.suffix(4))).map(\.observation)
                == packets.map { _ in .refused(.icmp) }
        )
    }

    @Test func listenerReportsLeaveByMulticast() async throws {
        let setting = try await Setting()
        let source = try #require(setting.network.linkLocalAddress(ofInside: "eth0"))
        let group = try #require(IPAddress("ff02::16"))
        let transport = WirePacket.Transport.icmp(type: 143, code: 0, rest: 0)
        let report = WirePacket(from: source, to: group, transport, hopLimit: 1)
        let outcome = try await setting.laboratory.run(.outbound(report, on: "eth0"))
        #expect(outcome.observation == .passed)
        #expect(outcome.seen?.hopLimit == 1)
    }
}
