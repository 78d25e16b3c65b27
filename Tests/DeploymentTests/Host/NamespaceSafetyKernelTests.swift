import Compiler
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What is changed in a namespace is changed there and nowhere else.
@Suite(.needsRoot) struct NamespaceSafetyKernelTests {
    @Test func theMachinesOwnRulesAreNotTouched() async throws {
        let before = try await Self.ownRules()
        for backend in BackendKind.allCases {
            let host = try await TestHost.make()
            try await host.settle(TestHost.ssh, on: backend)
            #expect(try await host.run("ban", "192.0.2.9").status == 0)
            _ = try await host.apply(TestHost.web, on: backend, within: "5s")
            for process in host.workers(inner: true) { kill(process, SIGTERM) }
            #expect(try await host.settles(within: .seconds(8)))
            let removed = try await host.run("remove")
            #expect(try await host.confirm(try removed.ticket).status == 0)
        }
        #expect(try await Self.ownRules() == before)
    }

    /// Of the old tables only those that are there are asked for, for asking makes a table.
    private static func ownRules() async throws -> [String] {
        var texts = [try await Tool(named: "nft").run(["-a", "list", "ruleset"], text: "")]
        for (program, list) in [("iptables", "ip_tables_names"), ("ip6tables", "ip6_tables_names")] {
            for table in ((try HostFiles().text(of: "/proc/self/net/\(list)")) ?? "").split(separator: "\n") {
                let save = try Tool(named: "\(program)-legacy-save")
                texts.append(try await save.run(["-t", String(table)], text: ""))
            }
        }
        // Without the times at which the tools were run.
        return texts.flatMap { $0.split(separator: "\n").map(String.init) }.filter { !$0.hasPrefix("#") }
    }

    /// A unit of PID 1 lives in another namespace than the change: the guard finds the right one, or does nothing.
    @Test(arguments: [true, false])
    func aGuardWorksInTheNamespaceOfItsChangeOrNotAtAll(_ somebodyLivesThere: Bool) async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh)
        let meant = try await host.digest()
        // The same rules elsewhere, where a guard that errs would find them.
        let elsewhere = HostFirewall(in: host.network.outside)
        try await elsewhere.install(try host.opened().firewall(1, .after))
        TestProcesses.end(mentioning: host.state)
        let resident = somebodyLivesThere ? try await host.start(["/bin/sleep", "60"]) : nil
        let stranger = try await host.start(["/bin/sleep", "60"], in: host.network.outside)
        let command = [
            TestHost.program, "guard", "--state", host.state, "--generation", "1", "--namespace-of",
            "\(stranger.process.identifier)",
        ]
        let guarding = try await host.start(command, in: host.network.outside)
        if somebodyLivesThere {
            #expect(try await host.waits(.seconds(5)) { host.isGuarded(1) })
            for process in host.workers(inner: true) { kill(process, SIGTERM) }
            #expect(try await host.settles(within: .seconds(5)))
            #expect(try await host.firewall.listing().isEmpty)
            #expect(try host.outcomes() == [.rolledBack])
        } else {
            let result = try await guarding.result()
            #expect(result.status == 1 && result.error.contains("is not to be found"), "\(result)")
            #expect(try await host.digest() == meant)
            #expect(try host.outcomes() == [.pending])
        }
        #expect(try await elsewhere.listing().digest == meant)
        withExtendedLifetime(resident) {}
    }

    /// The inner process refuses too, whoever starts it.
    @Test func theInnerGuardRefusesAnotherNamespace() async throws {
        let host = try await TestHost.make()
        _ = try await host.apply(TestHost.ssh)
        let command = [TestHost.program, "guard", "--state", host.state, "--generation", "1", "--worker"]
        let result = try await host.start(command, in: host.network.outside).result()
        #expect(result.status == 1, "\(result)")
        #expect(
            result.error.contains("generation 1 belongs to another boot or network namespace"),
            "\(result)"
        )
        #expect(try host.outcomes() == [.pending])
    }
}
