import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What limits count, and for whom.
@Suite(.needsRoot) struct LimitFacts {
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func ofSixtyConnectionsAtOnceFiftyPassAndAnotherSourceIsNotAffected(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: http\n    limit: 50/minute per source\n", backend)
        let (greedy, other) = (family.foreign(5), family.otherNetwork(6))
        let probes = try [Probe](repeating: scene.inbound(.tcp(port: 80), from: greedy), count: 60)
        let clock = ContinuousClock()
        let start = clock.now
        let observed = try await scene.observe(probes)
        // A machine that is so busy that it takes longer gets a token every 1.2 s.
        let tokens = Int((clock.now - start) / .milliseconds(1_200))
        #expect((50...50 + tokens).contains(observed.count { $0 == .passed }))
        #expect(observed.prefix(50).allSatisfy { $0 == .passed })
        let others = try [Probe](repeating: scene.inbound(.tcp(port: 80), from: other), count: 20)
        #expect(try await scene.passes(others) == 20)
    }

    @Test(arguments: BackendKind.allCases)
    func sourcesOfOneNetworkOfIPv6ShareABucket(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: udp/9\n    limit: 5/hour per source\n", backend)
        let last = IPFamily.ipv6.foreign(0xFFFF_FFFF_FFFF_FFFF)
        #expect(
            try await passes(scene, [IPFamily.ipv6.foreign(1), IPFamily.ipv6.foreign(2), last]) == [4, 1, 0]
        )
        #expect(try await passes(scene, [IPFamily.ipv6.foreign(1 << 64)]) == [4])
        #expect(try await passes(scene, [IPFamily.ipv4.foreign(1), IPFamily.ipv4.foreign(2)]) == [4, 4])
    }

    @Test(arguments: BackendKind.allCases)
    func whoAsksForEachAddressOfIPv6GetsIt(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: udp/9\n    limit: 3/hour per source/128\n", backend)
        #expect(try await passes(scene, [IPFamily.ipv6.foreign(1), IPFamily.ipv6.foreign(2)]) == [3, 3])
        #expect(try await passes(scene, [IPFamily.ipv6.foreign(1), IPFamily.ipv6.foreign(2)]) == [0, 0])
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func theServicesOfALineShareItsBucket(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(
            "inbound:\n  - allow: [udp/9, tcp/80, ping]\n    limit: 5/hour per source\n",
            backend
        )
        let source = family.foreign(5)
        #expect(try await scene.passes(scene.datagrams(2, to: 9, from: source)) == 2)
        let connections = try [Probe](repeating: scene.inbound(.tcp(port: 80), from: source), count: 2)
        #expect(try await scene.passes(connections) == 2)
        #expect(try await scene.passes(scene.echoes(3, from: source)) == 1)
        #expect(try await scene.passes(scene.datagrams(1, to: 9, from: source)) == 0)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func everyLimitThatMatchesIsChargedAndOneUnderItsRateSuffices(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            inbound:
              - allow: udp/9
                limit: 3/hour
              - allow: [udp/9, udp/10]
                limit: 5/hour
              - allow: udp/9
                from: [192.0.2.7, "2001:db8:0:1::7"]
                limit: 2/hour per source
            """,
            backend
        )
        let source = family.foreign(5)
        #expect(try await scene.passes(scene.datagrams(3, to: 9, from: source)) == 3)
        #expect(try await scene.passes(scene.datagrams(4, to: 10, from: source)) == 2)
        #expect(try await scene.passes(scene.datagrams(2, to: 9, from: source)) == 0)
        let other = family.otherNetwork(7)
        #expect(try await scene.passes(scene.datagrams(4, to: 9, from: other)) == 2)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func limitsOfPingsOverlapToo(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            inbound:
              - allow: ping
                limit: 2/hour per source
              - allow: ping
                limit: 3/hour
            """,
            backend
        )
        #expect(try await scene.passes(scene.echoes(5, from: family.foreign(5))) == 3)
        #expect(try await scene.passes(scene.echoes(5, from: family.otherNetwork(6))) == 2)
    }

    @Test(arguments: BackendKind.allCases)
    func typesAndCodesAreToldApartWhereLimitsOverlap(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            inbound:
              - allow: icmp
                except:
                  services: icmp/13/4
                limit: 4/hour
              - allow: [icmp/13, icmp/echo-request]
                limit: 2/hour
            """,
            backend
        )
        let (source, host) = (IPFamily.ipv4.foreign(5), try scene.host(.ipv4))
        func timestamps(code: UInt8) -> [Probe] {
            (0..<3).map { number in
                let transport = WirePacket.Transport.icmp(type: 13, code: code, rest: 7_000 + UInt32(number))
                let payload = [UInt8](repeating: 0, count: 12)
                return .inbound(WirePacket(from: source, to: host, transport, payload: payload), on: "eth0")
            }
        }
        #expect(try await scene.passes(scene.echoes(3, from: source)) == 3)
        #expect(try await scene.passes(timestamps(code: 4)) == 0)
        #expect(try await scene.passes(timestamps(code: 3)) == 1)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func whatLeavesIsLimitedForEachDestination(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply("outbound:\n  - allow: udp/9\n    limit: 2/hour per destination\n", backend)
        let host = try scene.host(family)
        for destination in [family.foreign(1), family.otherNetwork(2)] {
            let probes = (0..<4).map { number in
                let transport = WirePacket.Transport.udp(source: 20_000 + UInt16(number), destination: 9)
                return Probe.outbound(WirePacket(from: host, to: destination, transport))
            }
            #expect(try await scene.passes(probes) == 2)
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func whatIsForwardedIsLimitedForEachSource(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene(links: ["eth0", "lan0"])
        try await scene.apply("forward:\n  - allow: udp/9\n    limit: 2/hour per source\n", backend)
        for source in [family.foreign(1), family.otherNetwork(2)] {
            let probes = (0..<4).map { number in
                let transport = WirePacket.Transport.udp(source: 20_000 + UInt16(number), destination: 9)
                let packet = WirePacket(from: source, to: family.foreign(9), transport)
                return Probe.forwarded(packet, on: "eth0", leaving: "lan0")
            }
            let passed = try await scene.passes(probes)
            #expect(passed == 2)
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func anUnlimitedLineWinsAndChargesNothing(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            inbound:
              - allow: udp/9
                limit: 2/hour
              - allow: udp/9
                from: [192.0.2.5, "2001:db8::5"]
            """,
            backend
        )
        #expect(try await scene.passes(scene.datagrams(8, to: 9, from: family.foreign(5))) == 8)
        #expect(try await scene.passes(scene.datagrams(4, to: 9, from: family.foreign(6))) == 2)
        #expect(try await scene.passes(scene.datagrams(4, to: 9, from: family.foreign(5))) == 4)
    }

    @Test(arguments: BackendKind.allCases)
    func aLimitForAllHoldsForEachFamily(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: udp/9\n    limit: 3/hour\n", backend)
        #expect(try await passes(scene, [IPFamily.ipv4.foreign(1), IPFamily.ipv4.foreign(2)]) == [3, 0])
        #expect(
            try await passes(scene, [IPFamily.ipv6.foreign(1), IPFamily.ipv6.otherNetwork(2)]) == [3, 0]
        )
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func addressesOfManagementAreExemptFromBansAndLimits(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            management:
              from: [192.0.2.5, "2001:db8::5"]
            inbound:
              - allow: ssh
                limit: 2/hour
              - deny: any
                from: [192.0.2.4/31, "2001:db8::4/127"]
            """,
            backend
        )
        func logins(_ count: Int, _ source: IPAddress) throws -> [Probe] {
            try [Probe](repeating: scene.inbound(.tcp(port: 22), from: source), count: count)
        }
        #expect(try await scene.passes(logins(6, family.foreign(5))) == 6)
        #expect(try await scene.passes(logins(1, family.foreign(4))) == 0)
        #expect(try await scene.passes(logins(4, family.foreign(6))) == 2)
        #expect(try await scene.passes(logins(6, family.foreign(5))) == 6)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func theLimitOfTheNewerGenerationHolds(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        for (limit, source) in [(6, family.foreign(1)), (2, family.otherNetwork(2)), (9, family.foreign(1))] {
            try await scene.apply(
                "inbound:\n  - allow: udp/9\n    limit: \(limit)/hour per source\n",
                backend
            )
            #expect(try await scene.passes(scene.datagrams(12, to: 9, from: source)) == limit)
        }
    }

    /// Four datagrams of each source in turn; how many of them pass.
    private func passes(_ scene: Scene, _ sources: [IPAddress]) async throws -> [Int] {
        var result: [Int] = []
        for source in sources {
            result.append(try await scene.passes(scene.datagrams(4, to: 9, from: source)))
        }
        return result
    }
}
