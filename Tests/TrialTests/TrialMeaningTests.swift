import Compiler
import Diagnostics
import Kernel
import Policy
import TestSupport
import Testing

@testable import Trial

/// What a trial expects, where it is more than what one line says.
@Suite struct TrialMeaningTests {
    /// A redirect, whose server the kernel asks at another address than the client; bans of everything, which stop the
    /// answers too; one family alone; routes that count.
    static let policies = [
        """
        interfaces: {wan: eth0}
        inbound: [{allow: [ssh, http, dns]}]
        nat:
          - {redirect: http, to-port: 8080, in: wan}
          - {redirect: dns, to-port: 5353}
        """,
        """
        inbound: [{allow: [ssh, http, ping]}, {deny: any, from: 0.0.0.0/0}]
        outbound: [{allow: [dns, http, ping]}, {deny: any, to: "::/0"}]
        """,
        """
        inbound: [{allow: [ssh, ping]}, {deny: any, from: "::/0", reject: true}]
        outbound: [{allow: [dns, ping]}, {deny: any, to: 0.0.0.0/0}]
        rest: reject
        """,
        """
        inbound: [{allow: ssh, from: "::/0"}, {deny: any, from: 0.0.0.0/0, reject: true}]
        outbound: [{allow: dns, to: "2001:db8::53"}, {allow: https, from: "::/0"}]
        """,
        """
        baseline: {own-addresses: true, reverse-path: true}
        inbound: [{allow: ssh}, {allow: http, in: eth1}, {allow: https, in: eth2, to: 192.0.2.9}]
        outbound: [{allow: [dns, http]}]
        forward: [{allow: http, in: eth1, out: eth2}]
        """,
    ]

    @Test(.needsRoot, .serialized, arguments: policies)
    func `what is expected is what the kernel does`(text: String) async throws {
        let policy = try #require(Self.policy(text))
        let run = try await TrialRun.prepare(TrialPlan(policy))
        try await run.commit(.nftables, usesIpset: false)
        let differing = try await run.run().filter { !$0.agrees }
        #expect(
            differing.map { "\($0.trialCase.sent): \($0.trialCase.expectation), \($0.observed)" } == []
        )
    }

    @Test func `routes that count are tried`() throws {
        let plan = TrialPlan(try #require(Self.policy(Self.policies[4])))
        let titles = Set(plan.cases.map(\.title))
        #expect(titles.isSuperset(of: ["baseline: own-addresses", "baseline: reverse-path"]))
    }

    private static func policy(_ text: String) -> Policy? {
        let source = SourceFile(name: "kind.yaml", text: "wallwright: 1\n\(text)\n")
        return PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/")).policy
    }
}
