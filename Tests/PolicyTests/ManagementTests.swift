import Diagnostics
import PacketModel
import Testing

@testable import Policy

/// A policy that would shut SSH out is refused, and the refusal says what would admit it.
@Suite struct ManagementTests {
    @Test(arguments: [
        ("inbound: [{allow: ssh}]", [22], true),
        ("inbound: [{allow: http}]", [22], false),
        ("inbound: [{allow: ssh}]", [2222], false),
        ("inbound: [{allow: [ssh, tcp/2222]}]", [22, 2222], true),
        ("inbound: [{allow: ssh}]", [22, 2222], false),
        ("inbound: [{allow: any, from: 192.0.2.0/24}]", [22], true),
        ("inbound: [{allow: ssh, from: 192.0.2.0/24}, {deny: any, from: 192.0.2.0/24}]", [22], false),
        ("inbound: [{allow: ssh, from: 192.0.2.0/24}, {deny: any, from: 192.0.2.0/25}]", [22], true),
        ("inbound: [{allow: ssh}, {deny: ssh}]", [22], false),
        ("inbound: [{allow: ssh}, {deny: ssh, in: eth1}]", [22], true),
        ("inbound: [{allow: ssh, limit: 5/minute per source}]", [22], false),
        ("inbound: [{allow: ssh, limit: 9000/second burst 9000}]", [22], false),
        ("inbound: [{allow: any, limit: 5/minute}, {allow: ssh, until: 2037-01-01}]", [22], false),
        ("inbound: [{allow: ssh, limit: 5/minute}, {allow: ssh, from: 192.0.2.0/24}]", [22], true),
        (
            "inbound: [{allow: ssh, limit: 5/minute}, {allow: ssh, from: 192.0.2.0/24}, {deny: ssh, from: 192.0.2.0/24}]",
            [22], false
        ),
        ("management: {from: 192.0.2.7}\ninbound: [{allow: ssh, limit: 5/minute}]", [22], true),
        (
            "management: {from: 192.0.2.7}\ninbound: [{allow: ssh, limit: 5/minute, from: 192.0.2.0/30}]",
            [22], false
        ),
        ("inbound: [{allow: ssh, until: 2037-01-01}]", [22], false),
        ("inbound: [{allow: ssh}, {deny: ssh, until: 2037-01-01}]", [22], false),
        ("management: none", [22], true),
        ("management: {ports: 2222}\ninbound: [{allow: tcp/2222}]", [22], true),
        ("management: {from: 192.0.2.7}\ninbound: [{allow: ssh, from: 192.0.2.0/24}]", [22], true),
        (
            "management: {from: [192.0.2.7, 198.51.100.1]}\ninbound: [{allow: ssh, from: 192.0.2.0/24}]",
            [22], false
        ),
        (
            "management: {from: 192.0.2.7}\ninbound: [{allow: ssh}, {deny: any, from: 192.0.2.0/24}]", [22],
            true
        ),
        (
            "management: {from: 192.0.2.7}\ninbound: [{allow: ssh}, {deny: ssh, from: 192.0.2.0/24}]", [22],
            false
        ),
    ])
    func `SSH must stay reachable`(body: String, listening: [UInt16], holds: Bool) throws {
        let source = SourceFile(name: "policy.yaml", text: "wallwright: 1\n\(body)\n")
        let (policy, diagnostics) = PolicyReader.read(
            source: source,
            environment: PolicyEnvironment(folder: "/")
        )
        #expect(!diagnostics.hasErrors, "\(diagnostics.map(\.message))")
        let refusals = try #require(policy).managementDiagnostics(listening: listening)
        #expect(refusals.isEmpty == holds)
        #expect(refusals.allSatisfy { $0.severity == .error && $0.fix?.contains("allow:") == true })
    }
}
