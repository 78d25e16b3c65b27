import Testing

@testable import Deployment

/// Policies are compared by what they mean, not by how they are written.
@Suite struct PlanEqualityTests {
    @Test(arguments: [
        ("inbound: [{allow: [ssh, http]}]", "inbound: [{allow: tcp/80}, {allow: tcp/22, comment: shell}]"),
        (
            "inbound: [{allow: ssh, from: 192.0.2.0/24, except: 192.0.2.128/25}]",
            "inbound: [{allow: ssh, from: [192.0.2.0/26, 192.0.2.64/26]}]"
        ),
        ("inbound: [{allow: ssh}, {allow: ssh, from: 192.0.2.5}]", "inbound: [{allow: ssh}]"),
        ("inbound: [{allow: http, limit: 5/minute}, {allow: http}]", "inbound: [{allow: http}]"),
        (
            "inbound: [{allow: http, limit: 5/minute}, {allow: http, from: 192.0.2.5}]",
            "inbound: [{allow: http, limit: 5/minute, except: 192.0.2.5}, {allow: http, from: 192.0.2.5}]"
        ),
        (
            "inbound: [{allow: ssh, in: [eth0, eth1]}]",
            "inbound: [{allow: ssh, in: eth1}, {allow: ssh, in: eth0}]"
        ),
        ("inbound: [{allow: ssh, in: \"eth*\"}]", "inbound: [{allow: ssh, in: [\"eth*\", eth0]}]"),
        ("inbound: [{allow: any}, {deny: telnet}]", "inbound: [{deny: tcp/23}, {allow: any}]"),
        (
            "outbound: [{allow: any, user: 5-9}]",
            "outbound: [{allow: any, user: [5, 6-8]}, {allow: any, user: 9}]"
        ),
        (
            "nat: [{redirect: [http, https], to-port: 8080}]",
            "nat: [{redirect: tcp/443, to-port: 8080}, {redirect: http, to-port: 8080}]"
        ),
        (
            "nat: [{masquerade: true, out: eth0, from: 10.0.0.0/8}]",
            "nat: [{masquerade: true, out: eth0, from: [10.0.0.0/9, 10.128.0.0/9]}]"
        ),
        ("baseline: {dhcp: true}\nrest: drop\nbackend: auto", "log: {level: warn, prefix: other}"),
        (
            "containers: {outbound: allow, published: [http, https]}",
            "containers: {outbound: allow, published: [{allow: [https, http]}]}"
        ),
    ])
    func `the same meaning is no change`(old: String, new: String) throws {
        for (one, other) in [(old, new), (new, old)] {
            let plan = try plan(one, other)
            #expect(plan.changesNothing, "\(plan.text)")
        }
    }

    @Test(arguments: [
        ("inbound: [{allow: ssh}]", "inbound: [{allow: ssh, log: true}]"),
        ("inbound: [{deny: telnet}]", "inbound: [{deny: telnet, reject: true}]"),
        ("inbound: [{deny: any, from: 192.0.2.5}]", ""),
        (
            "inbound: [{allow: [http, https], limit: 5/minute}]",
            "inbound: [{allow: http, limit: 5/minute}, {allow: https, limit: 5/minute}]"
        ),
        ("inbound: [{allow: http, limit: 5/minute}]", "inbound: [{allow: http, limit: 5/minute per source}]"),
        ("nat: [{redirect: http, to-port: 8080}]", "nat: [{redirect: http, to-port: 8081}]"),
        ("log: {dropped: 5/minute}", "log: {dropped: 5/minute, level: warn}"),
        ("rest: reject", "rest: {inbound: reject, outbound: reject}"),
        ("management: none", ""),
        ("baseline: {invalid: false}", ""),
        ("containers: {outbound: allow}", "containers: {outbound: allow, bridges: docker0}"),
    ])
    func `another meaning is a change`(old: String, new: String) throws {
        for (one, other) in [(old, new), (new, old)] {
            let plan = try plan(one, other)
            #expect(!plan.changesNothing, "\(plan.text)")
        }
    }

    private func plan(_ old: String, _ new: String) throws -> ChangePlan {
        ChangePlan(
            from: try PlanCase.policy(old),
            to: try PlanCase.policy(new),
            listeners: [],
            connections: [],
            session: nil
        )
    }
}
