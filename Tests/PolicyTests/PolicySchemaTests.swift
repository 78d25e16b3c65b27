import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Policy

/// The schema and the reader are made from the same tables; here both judge the same policies.
@Suite struct PolicySchemaTests {
    /// Codes of errors in the form of a policy, which a schema can see; the others need the meaning of texts.
    static let structural: Set<String> = [
        "policy.key.unknown", "policy.key.missing", "policy.key.conflict", "policy.key.misplaced",
        "policy.value.type", "policy.until.relative", "policy.value.choice", "policy.value.empty",
        "policy.version",
        "policy.limit.deny",
        "policy.reject.allow", "policy.log.group", "policy.log.prefix", "policy.name.form",
        "policy.limit.unit", "policy.limit.form", "policy.nat.masquerade",
    ]

    /// Every key with a value that is right, in a policy around it.
    static let accepted = [
        "inbound: []", "inbound: [{allow: ssh}]", "inbound: [{deny: ~, from: 192.0.2.1}]",
        "inbound: [{allow: [ssh, tcp/1]}]",
        "inbound: [{allow: ssh, from: [192.0.2.1], to: 192.0.2.2, in: lo, limit: 5/minute, log: true, comment: 5}]",
        "inbound: [{deny: ssh, except: {from: 192.0.2.1}, reject: true, log: 5/hour}]",
        "inbound: [{allow: ssh, limit: 5/minute burst 7 per source/48}]",
        "outbound: [{allow: any, user: [0, 5-7], out: [eth0, 'w*'], except: 192.0.2.1}]",
        "forward: [{allow: any, in: a, out: b, log: false}]",
        "services: {a: tcp/1, b: [a, http]}", "sets: {a: 192.0.2.1, b: [a, '::1']}",
        "interfaces: {a: eth0, b: [c, d]}",
        "baseline: {loopback: true, helpers: true, dhcp: false}",
        "log: {dropped: false, level: err, prefix: a.b}",
        "log: {dropped: 5/minute, group: 0}", "management: none", "management: {ports: 22, from: 192.0.2.1}",
        "management: {ports: [22, 23]}", "management: {}", "nat: [{masquerade: true, out: wan}]",
        "nat: [{redirect: http, to-port: 8080, in: a, from: 192.0.2.1, to: 192.0.2.2}]",
        "nat: [{port-forward: http, to: '192.0.2.1:80', in: a}]",
        "containers: {outbound: deny, published: [tcp/1, {allow: http, from: 192.0.2.1, except: 192.0.2.3}]}",
        "containers: {outbound: allow, bridges: br0, same-bridge: true, host-to-bridge: false, guest-services: true}",
        "rest: drop", "rest: {inbound: reject}", "backend: iptables", "{}",
    ]

    static let refused = [
        "inbound: {allow: ssh}", "inbound: [ssh]", "inbound: [{}]", "inbound: [{allow: 22}]",
        "inbound: [{allow: ~}]", "inbound: [{allow: true}]", "inbound: [{allow: []}]",
        "inbound: [{allow: ''}]",
        "inbound: [{allow: ssh, deny: http}]", "inbound: [{deny: ssh, limit: 5/minute}]",
        "inbound: [{allow: ssh, reject: true}]", "inbound: [{allow: ssh, reject: false}]",
        "inbound: [{allow: ssh, user: root}]", "inbound: [{allow: ssh, out: a}]",
        "inbound: [{allow: ssh, from: 5}]",
        "inbound: [{allow: ssh, from: []}]", "inbound: [{allow: ssh, except: {}}]",
        "inbound: [{allow: ssh, x: 1}]",
        "inbound: [{allow: ssh, limit: 50}]", "inbound: [{allow: ssh, limit: 5/min}]",
        "inbound: [{allow: ssh, limit: 5/minute per host}]", "inbound: [{allow: ssh, log: often}]",
        "inbound: [{allow: ssh, log: ~}]", "inbound: [{allow: ssh, comment: ~}]",
        "inbound: [{allow: ssh, in: true}]",
        "outbound: [{allow: any, in: a}]", "outbound: [{allow: any, user: 1.5}]",
        "forward: [{allow: any, user: 1}]",
        "services: [a]", "services: {9: tcp/1}", "services: {a: []}", "sets: {a: {}}", "sets: {a: {file: 5}}",
        "sets: {a: {file: x, b: y}}", "sets: {a: 5}", "interfaces: {a: ~}", "interfaces: {'a b': c}",
        "baseline: {established: true}", "baseline: {dhcp: 1}", "log: {dropped: true}", "log: {level: loud}",
        "log: {level: info, group: 1}", "log: {group: 65536}", "log: {group: -1}", "log: {prefix: 'a b'}",
        "log: {prefix: 5}", "log: 5/minute", "management: no", "management: {ports: ssh}",
        "management: {port: 22}",
        "nat: [{masquerade: true}]", "nat: [{masquerade: false, out: a}]",
        "nat: [{masquerade: true, out: a, in: b}]",
        "nat: [{redirect: http}]",
        "nat: [{redirect: http, to-port: 8080, port-forward: http, to: 192.0.2.1}]",
        "nat: [{port-forward: http}]", "nat: [{port-forward: http, to: 5}]", "nat: [{}]", "nat: [a]",
        "containers: {}", "containers: {outbound: true}", "containers: {outbound: allow, published: tcp/1}",
        "containers: {outbound: allow, published: [{from: 192.0.2.1}]}", "rest: {inbound: maybe}", "rest: []",
        "rest: accept", "backend: nft", "backend: ~", "unknown: 1",
    ]

    static func source(_ section: String) -> SourceFile {
        SourceFile(
            name: "input.yaml",
            text: section == "{}" ? "wallwright: 1\n" : "wallwright: 1\n\(section)\n"
        )
    }

    private func verdicts(_ source: SourceFile) throws -> (schema: Bool, reader: Bool) {
        let root = try #require(YAMLParser.parse(source).root)
        var validator = SchemaValidator(PolicySchema.schema)
        let accepted = validator.accepts(SchemaValue(root))
        #expect(validator.unknown == [])
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/nonexistent"))
        return (accepted, !read.diagnostics.contains { Self.structural.contains($0.code) })
    }

    @Test(arguments: accepted) func bothAccept(_ section: String) throws {
        let verdicts = try verdicts(Self.source(section))
        #expect(verdicts.schema)
        #expect(verdicts.reader)
        let read = PolicyReader.read(
            source: Self.source(section),
            environment: PolicyEnvironment(folder: "/")
        )
        #expect(!read.diagnostics.hasErrors)
    }

    @Test(arguments: refused) func bothRefuse(_ section: String) throws {
        let verdicts = try verdicts(Self.source(section))
        #expect(!verdicts.schema)
        #expect(!verdicts.reader)
    }

    @Test(arguments: ["inbound: []\n", "wallwright: 2\n", "wallwright: '1'\n", "- wallwright: 1\n"])
    func bothRefuseAWrongStart(_ text: String) throws {
        let verdicts = try verdicts(SourceFile(name: "input.yaml", text: text))
        #expect(!verdicts.schema)
        #expect(!verdicts.reader)
    }

    @Test(arguments: ExamplePolicyTests.names) func theSchemaAcceptsTheExamples(_ name: String) throws {
        let bytes = try Data(contentsOf: ExamplePolicyTests.folder.appendingPathComponent(name))
        let root = try #require(YAMLParser.parse(SourceFile(name: name, bytes: Array(bytes))).root)
        var validator = SchemaValidator(PolicySchema.schema)
        let accepted = validator.accepts(SchemaValue(root))
        #expect(accepted)
    }

    /// Where the golden cases end in errors of form alone, the schema refuses them; where there are none, it does not.
    @Test(arguments: GoldenTests.cases) func theSchemaAgreesOnTheGoldenCases(_ name: String) throws {
        let file = GoldenTests.folder.appendingPathComponent(name).appendingPathComponent("input.yaml")
        let source = try SourceFile(name: "input.yaml", bytes: Array(Data(contentsOf: file)))
        guard let root = YAMLParser.parse(source).root else { return }
        let read = PolicyReader.read(source: source, environment: PolicyEnvironment(folder: "/nonexistent"))
        let codes = Set(read.diagnostics.filter { $0.severity == .error }.map(\.code))
        // Bounds of management's ports are in the schema, those inside of texts are not.
        // Parts in the wrong place may be right by their form.
        let mixed: Set<String> = [
            "policy.port.range", "policy.address.form", "policy.file.letter", "policy.line.words",
            "policy.line.needless", "policy.except.services",
        ]
        guard codes.isDisjoint(with: mixed) else { return }
        var validator = SchemaValidator(PolicySchema.schema)
        let accepted = validator.accepts(SchemaValue(root))
        #expect(accepted == codes.isDisjoint(with: Self.structural))
    }

    @Test func everyKeyOfEveryTableIsInTheSchemaWithItsSummary() {
        for key in PolicyDraft.keys.keys {
            #expect(PolicySchema.schema["properties"]?[key.name]?["description"] == .string(key.summary))
        }
        for direction in Direction.allCases {
            let definition = PolicySchema.schema["$defs"]?[LineSection.definition(direction)]
            for key in LineDraft.keys(for: direction).keys {
                #expect(definition?["properties"]?[key.name]?["description"] == .string(key.summary))
            }
        }
    }

    @Test func theTextIsStable() {
        #expect(PolicySchema.json() == PolicySchema.json())
        #expect(
            PolicySchema.json().hasPrefix(
                "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\""
            )
        )
    }
}
