import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// All echoes of one identifier are one connection.
@Suite(.needsRoot) struct EchoFacts {
    @Test(arguments: IPFamily.allCases)
    func factFiveEchoesOfOneIdentifierAreOneNewConnection(_ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.load(
            """
            counter every {
            }
            counter fresh {
            }
            chain input {
                type filter hook input priority 0
                \(family == .ipv4 ? "icmp" : "icmpv6") type echo-request counter name every ct state new counter name fresh
            }
            """
        )
        for echo in try scene.echoes(5, from: family.foreign(5)) {
            #expect(try await scene.observe(echo) == .passed)
        }
        #expect(try await scene.packets("every") == 5)
        #expect(try await scene.packets("fresh") == 1)
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func ourLimitCountsEachEcho(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: ping\n    limit: 3/hour per source\n", backend)
        let echoes = try scene.echoes(5, from: family.foreign(5))
        let expected: [Observation] = [.passed, .passed, .passed, .silence, .silence]
        #expect(try await scene.observe(echoes) == expected)
        #expect(try await scene.passes(scene.echoes(5, from: family.otherNetwork(6))) == 3)
    }
}
