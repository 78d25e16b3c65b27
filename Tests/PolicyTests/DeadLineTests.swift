import Diagnostics
import PacketModel
import Policy
import TestSupport
import Testing

/// What a line cannot do is told, each kind of it: a policy with one such line, and the code of what is said.
@Suite struct DeadLineTests {
    private static let kinds: [(body: String, code: String)] = [
        ("inbound: [{allow: [ssh, http]}, {allow: https}, {deny: https}]", "policy.line.denied"),
        (
            "inbound: [{allow: ssh}, {allow: http, from: 192.0.2.1}, {deny: any, from: 192.0.2.0/24}]",
            "policy.line.denied"
        ),
        ("inbound: [{allow: ssh}, {allow: ssh, from: 192.0.2.1}]", "policy.line.covered"),
        ("inbound: [{allow: ssh}]\nbaseline: {neighbour-discovery: false}", "policy.baseline.discovery"),
        ("inbound: [{allow: ssh}]\nnat: [{masquerade: true, out: eth0}]", "policy.nat.unforwarded"),
        ("inbound: [{allow: ssh}]\noutbound: []", "policy.section.empty"),
        ("inbound: [{allow: ssh}, {allow: http, until: 2020-01-01}]", "policy.until.over"),
        ("sets: {none: []}\ninbound: [{allow: ssh}]", "policy.value.empty"),
    ]

    @Test(arguments: kinds) func aDeadLineIsTold(_ body: String, _ code: String) throws {
        let (_, diagnostics) = try Self.read(body)
        let told = try #require(diagnostics.first { $0.code == code }, "\(diagnostics.map(\.code))")
        #expect(told.primary != nil)
    }

    /// The same policies with a line that does something are not spoken of.
    @Test(arguments: [
        "inbound: [{allow: [ssh, https]}, {deny: https, from: 192.0.2.1}]",
        "inbound: [{allow: ssh}]\nbaseline: {neighbour-discovery: true}",
        "inbound: [{allow: ssh}]\nforward: [{allow: any, in: eth1}]\nnat: [{masquerade: true, out: eth0}]",
        "inbound: [{allow: ssh}]\noutbound: [{allow: dns}]",
    ])
    func aLiveLineIsNot(_ body: String) throws {
        let (policy, diagnostics) = try Self.read(body)
        #expect(policy != nil)
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.code))")
    }

    @Test func interfacesThatTheHostHasNotAreNotes() throws {
        let body = """
            inbound: [{allow: ssh, in: eth0}, {allow: http, in: wg0}, {allow: dns, in: "wg*"}]
            nat: [{masquerade: true, out: ppp0}]
            forward: [{allow: any, in: eth0}]
            """
        let policy = try #require(try Self.read(body).0)
        let notes = policy.interfaceDiagnostics(present: ["eth0", "lo"])
        #expect(notes.allSatisfy { $0.severity == .note && $0.code == "policy.interface.absent" })
        #expect(notes.map(\.message).joined(separator: "\n").contains("`ppp0`"))
        #expect(notes.count == 2, "a pattern names no interface: \(notes.map(\.message))")
    }

    /// Others can fill the table that a limit counts in.
    @Test(arguments: ["5/minute", "5/minute per source"]) func SSHUnderALimitAloneIsRefused(_ limit: String)
        throws
    {
        let policy = try #require(try Self.read("inbound: [{allow: ssh, limit: \(limit)}]").0)
        let refusals = policy.managementDiagnostics(listening: [22])
        #expect(refusals.map(\.code) == ["policy.management.limited"])
        #expect(refusals.first?.fix != nil)
    }

    private static func read(_ body: String) throws -> (Policy?, [Diagnostic]) {
        PolicyReader.read(
            source: SourceFile(name: "policy.yaml", text: "wallwright: 1\n\(body)\n"),
            environment: PolicyEnvironment(folder: "/nonexistent", now: CalendarTime(seconds: 1_795_600_000))
        )
    }
}
