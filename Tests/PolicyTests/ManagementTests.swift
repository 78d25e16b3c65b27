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
        #expect(refusals.allSatisfy { $0.severity == .error && $0.fix?.words.contains("allow:") == true })
    }
}

/// What NAT sends elsewhere does not reach sshd, whatever the lines admit.
@Suite struct TranslatedManagementTests {
    enum Outcome {
        case fine
        case warned
        case refused
    }

    private static let redirect = "nat: [{redirect: ssh, to-port: 2022}]\n"
    private static let elsewhere = "forward: [{allow: ssh}]\nnat: [{port-forward: ssh, to: 192.168.1.9"

    @Test(arguments: [
        ("\(redirect)inbound: [{allow: ssh}]", Outcome.refused),
        ("\(redirect)management: {ports: [22, 2022]}\ninbound: [{allow: [ssh, tcp/2022]}]", .fine),
        ("nat: [{redirect: ssh, to-port: 2022, in: eth1}]\ninbound: [{allow: ssh}]", .refused),
        ("nat: [{redirect: ssh, to-port: 2022, in: eth1}]\ninbound: [{allow: ssh, in: eth0}]", .fine),
        ("nat: [{redirect: ssh, to-port: 2022, in: 'eth*'}]\ninbound: [{allow: ssh, in: eth0}]", .refused),
        ("nat: [{redirect: ssh, to-port: 2022, from: 10.0.0.0/8}]\ninbound: [{allow: ssh}]", .warned),
        ("nat: [{redirect: http, to-port: 8080}]\ninbound: [{allow: ssh}]", .fine),
        ("nat: [{redirect: ssh, to-port: 2022, to: 192.0.2.1}]\ninbound: [{allow: ssh}]", .warned),
        // IPv6 is left, and that is not enough.
        ("\(elsewhere)}]\ninbound: [{allow: ssh}]", .refused),
        ("\(elsewhere)}]\ninbound: [{allow: ssh, from: '2001:db8::/32'}]", .fine),
        ("\(elsewhere)}]\ninbound: [{allow: ssh, from: 192.0.2.0/24}]", .refused),
        ("\(elsewhere)}]\nmanagement: {from: 192.0.2.7}\ninbound: [{allow: ssh}]", .refused),
        ("\(elsewhere), in: wan}]\nmanagement: {from: 192.0.2.7}\ninbound: [{allow: ssh}]", .refused),
        ("\(elsewhere), in: wan}]\nmanagement: {from: 192.0.2.7}\ninbound: [{allow: ssh, in: lan}]", .fine),
        ("\(elsewhere), from: 10.0.0.0/8}]\nmanagement: {from: 192.0.2.7}\ninbound: [{allow: ssh}]", .fine),
        ("\(elsewhere)}]\nmanagement: {from: '2001:db8::7'}\ninbound: [{allow: ssh}]", .fine),
    ])
    func `a line of nat that takes SSH away is refused`(body: String, outcome: Outcome) throws {
        let diagnostics = try Self.policy(body).managementDiagnostics(listening: [22])
        #expect(diagnostics.isEmpty == (outcome == .fine), "\(diagnostics)")
        #expect(diagnostics.hasErrors == (outcome == .refused), "\(diagnostics)")
        #expect(diagnostics.allSatisfy { $0.code == "policy.management.translated" && $0.primary != nil })
    }

    @Test(arguments: [
        ("nat: [{redirect: ssh, to-port: 2022, in: eth0}]", "eth0", false),
        ("nat: [{redirect: ssh, to-port: 2022, in: eth1}]", "eth0", true),
        ("nat: [{redirect: ssh, to-port: 2022, in: eth1}]", nil, false),
        ("nat: [{redirect: ssh, to-port: 2022, from: 10.0.0.0/8}]", "eth0", true),
        ("nat: [{redirect: ssh, to-port: 2022, to: 192.0.2.1}]", "eth0", false),
        ("nat: [{redirect: ssh, to-port: 2022, to: 192.0.2.9}]", "eth0", true),
        ("forward: [{allow: ssh}]\nnat: [{port-forward: ssh, to: 192.168.1.9}]", "eth0", false),
        ("forward: [{allow: ssh}]\nnat: [{port-forward: ssh, to: 'fd00::9'}]", "eth0", true),
    ])
    func `a session must arrive where it goes to`(nat: String, interface: String?, isFine: Bool) throws {
        let diagnostics = try Self.policy("\(nat)\ninbound: [{allow: ssh}]").sessionDiagnostics(
            remote: #require(IPAddress("192.0.2.7")),
            local: #require(IPAddress("192.0.2.1")),
            port: 22,
            interface: interface
        )
        #expect(diagnostics.map(\.code) == (isFine ? [] : ["policy.session.translated"]))
    }

    private static func policy(_ body: String) throws -> Policy {
        let (policy, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", text: "wallwright: 1\n\(body)\n"),
            environment: PolicyEnvironment(folder: "/")
        )
        #expect(!diagnostics.hasErrors, "\(diagnostics.map(\.message))")
        return try #require(policy)
    }
}
