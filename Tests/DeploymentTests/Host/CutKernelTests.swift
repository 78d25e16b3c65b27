import Kernel
import PacketModel
import TestSupport
import Testing

@testable import Deployment

/// `apply --cut` and `cut: true` end what could not begin anew, and say so.
@Suite(.needsRoot) struct CutKernelTests {
    private static let open = "inbound:\n  - allow: [ssh, udp/9]\noutbound:\n  - allow: any\n"

    /// A host with two flows that its next policy does not admit.
    private func hostWithFlows() async throws -> TestHost {
        let host = try await TestHost.make()
        try await host.settle(Self.open)
        let probes = try IPFamily.allCases.map { family in
            Probe.conversation(
                Conversation(
                    .udp(port: 9),
                    from: try host.outside(family),
                    to: try host.inside(family),
                    on: "eth0"
                )
            )
        }
        let outcomes = try await Laboratory(host.network, window: .milliseconds(600)).run(probes)
        #expect(outcomes.map(\.observation) == [.passed, .passed])
        return host
    }

    @Test func planSaysWhatGoesOnAndApplyCutEndsIt() async throws {
        let host = try await hostWithFlows()
        let path = try host.policy(TestHost.ssh)
        let plan = try await host.run("plan", path)
        let goesOn = plan.output.split(separator: "\n").filter { $0.hasPrefix("goes on  inbound") }
        #expect(goesOn.count == 2, "\(plan)")
        #expect(
            goesOn.allSatisfy { $0.contains(":9 (udp)  a new one would be refused; apply --cut ends it") }
        )
        let cut = try await host.run("plan", path, "--cut")
        #expect(cut.output.contains(":9 (udp)  is ended") && !cut.output.contains("goes on"), "\(cut)")

        let applied = try await host.run("apply", path, "--now", "--cut", "--force")
        #expect(applied.status == 0, "\(applied)")
        #expect(applied.error.contains("note: 2 connections were ended that the new rules would refuse"))
        let after = try await host.run("plan", path)
        #expect(!after.output.contains("goes on"), "\(after)")
    }

    @Test func thePolicyMaySayIt() async throws {
        let host = try await hostWithFlows()
        let path = try host.policy("cut: true\n" + TestHost.ssh)
        #expect(try await host.run("plan", path).output.contains(":9 (udp)  is ended"))
        let applied = try await host.run("apply", path, "--now", "--force")
        #expect(applied.status == 0 && applied.error.contains("2 connections were ended"), "\(applied)")
    }

    /// The policy may be live already.
    @Test func withoutAnythingElseToDoTheyAreEndedAllTheSame() async throws {
        let host = try await hostWithFlows()
        let path = try host.policy(TestHost.ssh)
        #expect(try await host.run("apply", path, "--now", "--force").status == 0)
        let again = try await host.run("apply", path, "--cut")
        #expect(again.status == 0 && again.output.contains("ended 2 connections"), "\(again)")
        #expect(try await host.run("apply", path, "--cut").output.contains("nothing to do"))
    }
}
