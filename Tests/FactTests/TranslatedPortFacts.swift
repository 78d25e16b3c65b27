import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// Ports mean those that were asked for.
@Suite(.needsRoot) struct TranslatedPortFacts {
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func afterARedirectThePortAskedForCounts(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply(
            """
            inbound:
              - allow: http
            nat:
              - redirect: http
                to-port: 8080
            """,
            backend
        )
        let asked = try scene.inbound(.tcp(port: 80, listener: 8_080), from: family.foreign(5))
        let straight = try scene.inbound(.tcp(port: 8_080), from: family.foreign(5))
        #expect(try await scene.observe([asked, straight]) == [.passed, .silence])
    }

    /// Docker, libvirt and people redirect too.
    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func itCountsAfterARedirectOfAnotherOwner(_ backend: BackendKind, _ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.apply("inbound:\n  - allow: http\n  - deny: tcp/81\n  - allow: tcp/8080\n", backend)
        try await scene.load(
            """
            chain prerouting {
                type nat hook prerouting priority -100
                tcp dport { 80, 81, 82 } redirect to :8080
            }
            """
        )
        let probes = try [80, 81, 82, 8_080].map { port in
            try scene.inbound(.tcp(port: port, listener: 8_080), from: family.foreign(5))
        }
        #expect(try await scene.observe(probes) == [.passed, .silence, .silence, .passed])
    }
}
