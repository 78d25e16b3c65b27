import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Units that a package has put there, disabled.
@Suite(.needsRoot) struct ShippedUnitTests {
    private static let links = [
        "/etc/systemd/system/sysinit.target.wants/wallwright.service",
        "/etc/systemd/system/multi-user.target.wants/wallwright-watch.service",
    ]

    private func host(program: String, _ backend: BackendKind = .nftables) async throws -> PersistentHost {
        let host = try PersistentHost([.systemd])
        for (name, text) in ShippedUnits.texts(program: program) {
            try host.write("/usr/lib/systemd/system/\(name)", text)
        }
        try await host.confirm(EnablingTests.lines, backend)
        return host
    }

    private func places(_ host: PersistentHost, _ report: Persistence.Report) -> [String] {
        report.places.map { String($0.dropFirst(host.root.count)) }
    }

    @Test func theyAreLinkedAndNotWritten() async throws {
        let host = try await host(program: PersistentHost.program)
        let before = try host.tree()
        #expect(places(host, try await host.enable()) == Self.links)
        let tree = try host.tree()
        #expect(
            tree["etc/systemd/system/sysinit.target.wants/wallwright.service"]
                == "-> /usr/lib/systemd/system/wallwright.service"
        )
        try await host.enable()
        #expect(try host.tree() == tree)
        #expect(try await PersistenceStatus.read(state: host.state).isSound)
        _ = try await host.persistence().disable()
        #expect(try host.tree() == before)
    }

    /// Those of another program, and a generation that needs more than the shipped one gives.
    @Test(arguments: [
        ("/usr/sbin/wallwright", BackendKind.nftables), (PersistentHost.program, .iptablesLegacy),
    ])
    func oneThatIsNotTheVeryOneDoesNotServe(_ program: String, _ backend: BackendKind) async throws {
        let host = try await host(program: program, backend)
        let report = try await host.enable()
        #expect(places(host, report).first == "/etc/systemd/system/wallwright.service")
        let unit = try host.text("/etc/systemd/system/wallwright.service")
        #expect(unit.contains("ExecStart=\(PersistentHost.program) boot"))
    }

    @Test func whatCallsAnotherProgramStaysWhenAPackageGoes() async throws {
        let host = try await host(program: PersistentHost.program)
        try await host.enable()
        let tree = try host.tree()
        #expect(try await host.persistence().disable(onlyOwn: true) == nil)
        #expect(try host.tree() == tree)
    }
}
