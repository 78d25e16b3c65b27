import Compiler
import Glibc
import Netlink
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What connection tracking makes of multicast listeners and DHCPv6.
@Suite(.needsRoot) struct LinkLocalFacts {
    @Test func factReportsOfListenersLeaveUntracked() async throws {
        let scene = try await Scene()
        try await scene.load(
            """
            counter known {
            }
            counter unknown {
            }
            chain output {
                type filter hook output priority 0
                icmpv6 type mld2-listener-report ct state untracked counter name unknown
                icmpv6 type mld2-listener-report ct state new,established,related,invalid counter name known
            }
            """
        )
        #expect(try await scene.reportsJoin(within: .seconds(2)))
        #expect(try await scene.packets("unknown") > 0)
        #expect(try await scene.packets("known") == 0)
    }

    @Test func factWithoutARuleForThemNobodyLearnsOfAListener() async throws {
        let scene = try await Scene()
        try await scene.load(
            """
            chain output {
                type filter hook output priority 0; policy drop
                ct state new,established,related accept
            }
            """
        )
        #expect(try await !scene.reportsJoin(within: .milliseconds(600)))
    }

    @Test(arguments: BackendKind.allCases)
    func oursLetsAReportOut(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("outbound:\n  - allow: dns\n", backend)
        #expect(try await scene.reportsJoin(within: .seconds(2)))
    }

    @Test(arguments: BackendKind.allCases)
    func whoTurnsThePartOffSilencesReports(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("baseline:\n  multicast-listener: false\n", backend)
        #expect(try await !scene.reportsJoin(within: .milliseconds(600)))
    }

    /// RFC 3810 section 5.1.14: what does not come from the link is no query.
    @Test(arguments: BackendKind.allCases)
    func whatListenersAreAskedComesFromTheLink(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: ssh\n", backend)
        let theirs = try #require(scene.network.linkLocalAddress(ofOutside: "eth0"))
        var far = WirePacket.listenerQuery(from: theirs)
        far.hopLimit = 64
        let packets = [
            WirePacket.listenerQuery(from: theirs), far, .listenerQuery(from: IPFamily.ipv6.foreign(5)),
        ]
        let observed = try await scene.observe(packets.map { .inbound($0, on: "eth0") })
        #expect(observed == [.passed, .silence, .silence])
    }

    @Test func factAnAnswerOfDHCPv6IsNew() async throws {
        let scene = try await Scene()
        try await scene.load(
            """
            counter every {
            }
            counter fresh {
            }
            chain input {
                type filter hook input priority 0
                udp sport 547 udp dport 546 counter name every ct state new counter name fresh
            }
            """
        )
        #expect(try await scene.observe(try question(scene)) == .passed)
        #expect(try await scene.observe(try answer(scene)) == .passed)
        #expect(try await scene.packets("every") == 1)
        #expect(try await scene.packets("fresh") == 1)
    }

    @Test(arguments: BackendKind.allCases)
    func oursLetsQuestionAndAnswerOfDHCPv6Pass(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("outbound:\n  - allow: http\n", backend)
        #expect(try await scene.observe(try question(scene)) == .passed)
        #expect(try await scene.observe(try answer(scene)) == .passed)
        let far = try scene.host(.ipv6)
        let stranger = WirePacket(
            from: IPFamily.ipv6.foreign(5),
            to: far,
            .udp(source: 547, destination: 546)
        )
        #expect(try await scene.observe(.inbound(stranger, on: "eth0")) == .silence)
    }

    private func question(_ scene: Scene) throws -> Probe {
        let mine = try #require(scene.network.linkLocalAddress(ofInside: "eth0"))
        let relays = try #require(IPAddress("ff02::1:2"))
        return .outbound(WirePacket(from: mine, to: relays, .udp(source: 546, destination: 547)), on: "eth0")
    }

    private func answer(_ scene: Scene) throws -> Probe {
        let mine = try #require(scene.network.linkLocalAddress(ofInside: "eth0"))
        let theirs = try #require(scene.network.linkLocalAddress(ofOutside: "eth0"))
        return .inbound(WirePacket(from: theirs, to: mine, .udp(source: 547, destination: 546)), on: "eth0")
    }
}

extension Scene {
    /// Joins a multicast group inside; whether a report that names it is seen outside.
    fileprivate func reportsJoin(within time: Duration) async throws -> Bool {
        let group = try #require(IPAddress("ff05::7777"))
        let capture = try await network.outside.run { try PacketCapture() }
        let socket = try await network.inside.run {
            let socket = try Socket(AF_INET6, SOCK_DGRAM)
            // struct ipv6_mreq: the group, then the index of the interface (ipv6(7)).
            let index = unsafe if_nametoindex("eth0")
            let request = group.bytes + index.hostBytes
            let joined = unsafe setsockopt(
                socket.descriptor,
                Int32(IPPROTO_IPV6),
                IPV6_JOIN_GROUP,
                request,
                socklen_t(request.count)
            )
            try checked("join a group", joined)
            return socket
        }
        defer { withExtendedLifetime(socket) {} }
        return try await OwnThread.run {
            let clock = ContinuousClock()
            let deadline = clock.now + time
            while clock.now < deadline {
                _ = Poll.ready([Poll.Interest(socket: capture.socket)], within: deadline - clock.now)
                let isReported = capture.drain().contains { packet, _ in
                    guard case .icmp(type: 143, _, _) = packet.transport else { return false }
                    return packet.payload.contains(group.bytes)
                }
                if isReported { return true }
            }
            return false
        }
    }
}
