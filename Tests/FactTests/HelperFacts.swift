import Compiler
import PacketModel
import TestSupport
import Testing
import Trial

@testable import Kernel

/// What a protocol helper expects is related, and related is not enough.
@Suite(.needsRoot) struct HelperFacts {
    private static let helper = """
        ct helper ftp {
            type "ftp" protocol tcp
        }
        chain prerouting {
            type filter hook prerouting priority -150
            tcp dport 21 ct helper set "ftp"
        }
        """

    @Test(arguments: IPFamily.allCases)
    func factARuleForWhatIsRelatedOpensThePortThatAHelperRead(_ family: IPFamily) async throws {
        let scene = try await Scene()
        try await scene.load(
            Self.helper + """

                chain input {
                    type filter hook input priority 0; policy drop
                    ct state established,related accept
                    tcp dport 21 accept
                    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                }
                """
        )
        #expect(try await dataConnections(scene, family) == [.silence, .passed])
    }

    @Test(arguments: BackendKind.allCases, IPFamily.allCases)
    func oursAdmitsItOnlyWhereThePolicySaysSo(_ backend: BackendKind, _ family: IPFamily) async throws {
        for (baseline, expected) in [("", Observation.silence), ("baseline:\n  helpers: true\n", .passed)] {
            let scene = try await Scene()
            try await scene.apply("inbound:\n  - allow: tcp/21\n\(baseline)", backend)
            try await scene.load(Self.helper)
            #expect(try await dataConnections(scene, family) == [.silence, expected])
        }
    }

    /// A connection to a port of the host before the server names it to a client, and one after.
    private func dataConnections(_ scene: Scene, _ family: IPFamily) async throws -> [Observation] {
        let client = family.foreign(5)
        let data = try scene.inbound(.tcp(port: 40_000), from: client)
        let before = try await scene.observe(data)
        let control = try await scene.converse(.tcp, from: client, to: 21)
        #expect(try await control.asks(family == .ipv4 ? "PASV\r\n" : "EPSV\r\n"))
        // Port 40000 is 156 * 256 + 64 (RFC 959 section 4.1.2, RFC 2428 section 3).
        let host = try scene.host(family).description.replacing(".", with: ",")
        let reply =
            family == .ipv4
            ? "227 Entering Passive Mode (\(host),156,64).\r\n"
            : "229 Entering Extended Passive Mode (|||40000|)\r\n"
        #expect(try await control.answers(reply))
        return [before, try await scene.observe(data)]
    }
}
