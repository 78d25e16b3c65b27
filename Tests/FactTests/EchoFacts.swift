import Compiler
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

    @Test(arguments: BackendKind.allCases)
    func ourLimitOfOneFamilyLeavesTheOtherAlone(_ backend: BackendKind) async throws {
        let scene = try await Scene()
        let limited = "inbound:\n  - allow: icmpv6\n    limit: 3/hour per source\n"
        try await scene.apply(limited + "  - allow: icmp\n", backend)
        #expect(try await scene.passes(scene.echoes(5, from: IPFamily.ipv6.foreign(5))) == 3)
        #expect(try await scene.passes(scene.echoes(5, from: IPFamily.ipv4.foreign(5))) == 5)
        // That run is established, and no line speaks of its family any more.
        try await scene.apply(limited, backend)
        #expect(try await scene.passes(scene.echoes(5, from: IPFamily.ipv4.foreign(5))) == 5)
        #expect(try await scene.passes(scene.echoes(5, from: IPFamily.ipv4.foreign(6))) == 0)
    }
}
