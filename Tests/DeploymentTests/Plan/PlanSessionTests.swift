import Diagnostics
import PacketModel
import Policy
import Testing

/// A policy under which the session that applies it could not begin anew is refused, and told what would admit it.
@Suite struct PlanSessionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var policy: String
        var code: String?
        var fix: String?
        var remote = "203.0.113.9"
        var interface: String? = "eth0"
        var port: UInt16 = 22

        var testDescription: String { policy }
    }

    @Test(arguments: [
        Case(policy: "inbound: [{allow: ssh}]"),
        Case(policy: "inbound: [{allow: tcp/22, in: eth0}]"),
        Case(policy: "inbound: [{allow: http}]", remote: "127.0.0.1", interface: nil),
        Case(policy: "inbound: [{allow: http}]", remote: "192.0.2.80"),
        Case(policy: "inbound: [{allow: http}]", interface: "lo"),
        Case(
            policy:
                "management: {from: 203.0.113.9}\ninbound: [{allow: ssh, limit: 1/hour}, {deny: any, from: 203.0.113.0/24}]"
        ),
        Case(policy: "inbound: [{allow: tcp/2222}]\nnat: [{redirect: tcp/2222, to-port: 22}]"),
        Case(
            policy: "inbound: [{allow: http}]",
            code: "policy.session.closed",
            fix: "write under inbound:  - allow: ssh"
        ),
        Case(
            policy: "inbound: [{allow: http}]",
            code: "policy.session.closed",
            fix: "write under inbound:  - allow: tcp/2222",
            port: 2222
        ),
        Case(
            policy: "inbound: [{allow: ssh, from: 192.0.2.0/24}]",
            code: "policy.session.closed",
            fix: "write under inbound:  - allow: ssh\n    from: 203.0.113.9"
        ),
        Case(
            policy: "inbound: [{allow: ssh, in: eth0}]",
            code: "policy.session.closed",
            fix: "write under inbound:  - allow: ssh\n    from: 203.0.113.9",
            interface: nil
        ),
        Case(
            policy: "inbound: [{allow: ssh}, {deny: any, from: 203.0.113.0/24}]",
            code: "policy.session.closed",
            fix: "write in line 2:  except: 203.0.113.9"
        ),
        Case(
            policy: "inbound: [{allow: ssh}, {deny: ssh, in: eth0}]",
            code: "policy.session.closed",
            fix: "write in line 2:  except: 203.0.113.9"
        ),
        Case(policy: "inbound: [{allow: ssh, limit: 5/minute}, {allow: ssh, from: 203.0.113.0/24}]"),
        Case(
            policy: "inbound: [{allow: ssh, limit: 5/minute}, {allow: ssh, from: 192.0.2.0/24}]",
            code: "policy.session.limited",
            fix: "write under management:  from: 203.0.113.9"
        ),
        Case(
            policy: "inbound: [{allow: ssh, limit: 5/minute}]",
            code: "policy.session.limited",
            fix: "write under management:  from: 203.0.113.9"
        ),
    ])
    func `the session must be able to begin anew`(example: Case) throws {
        let policy = try PlanCase.policy(example.policy)
        let diagnostics = policy.sessionDiagnostics(
            remote: try #require(IPAddress(example.remote)),
            local: try #require(IPAddress("192.0.2.80")),
            port: example.port,
            interface: example.interface
        )
        #expect(diagnostics.map(\.code) == (example.code.map { [$0] } ?? []))
        #expect(diagnostics.first?.fix?.words == example.fix)
        #expect(diagnostics.allSatisfy { $0.severity == .error })
    }
}
