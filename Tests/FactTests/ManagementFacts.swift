import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// Bans spare management, and nothing else does.
@Suite(.needsRoot) struct ManagementFacts {
    private static let policy = """
        management:
          from: [192.0.2.5, "2001:db8::5"]
        inbound:
          - allow: any
          - deny: telnet
          - deny: any
            from: [192.0.2.4/30, "2001:db8::4/126"]
        outbound:
          - allow: any
          - deny: smtp
          - deny: any
            to: [192.0.2.4/30, "2001:db8::4/126"]
        """

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func whatManagementAsksIsAnsweredInSpiteOfBansAlone(_ backend: BackendKind, _ family: IPFamily)
        async throws
    {
        let scene = try await Scene()
        try await scene.apply(Self.policy, backend)
        let (management, banned, other) = (family.foreign(5), family.foreign(6), family.foreign(9))
        let observed = try await scene.observe([
            try scene.inbound(.tcp(port: 22), from: management),
            try scene.inbound(.ping, from: management),
            try scene.inbound(.tcp(port: 23), from: management),
            try scene.inbound(.tcp(port: 22), from: banned),
            try scene.inbound(.tcp(port: 22), from: other),
        ])
        #expect(observed == [.passed, .passed, .silence, .silence, .passed])
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func whatTheHostBeginsIsHeldByBansOfManagementToo(_ backend: BackendKind, _ family: IPFamily) async throws
    {
        let scene = try await Scene()
        try await scene.apply(Self.policy, backend)
        for (port, address, passes) in [
            (UInt16(80), family.foreign(5), false), (80, family.foreign(9), true),
        ] {
            let observed = try await scene.observe(scene.outbound(.tcp(port: port), to: address))
            #expect((observed == .passed) == passes)
        }
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func aSessionOfManagementGoesOnWhileAllOfItsNetworkIsBanned(
        _ backend: BackendKind,
        _ family: IPFamily
    ) async throws {
        let scene = try await Scene()
        let open = "inbound:\n  - allow: any\noutbound:\n  - allow: any\n"
        try await scene.apply(open, backend)
        let session = try await scene.converse(.tcp, from: family.foreign(5), to: 2_022)
        let telnet = try await scene.converse(.tcp, from: family.foreign(5), to: 23)
        let banned = try await scene.converse(.tcp, from: family.foreign(6), to: 2_022)
        try await scene.apply(Self.policy, backend)
        #expect(try await session.asks())
        #expect(try await session.answers())
        #expect(try await !telnet.asks())
        #expect(try await !banned.asks())
        #expect(try await !banned.answers())
    }
}
