import Diagnostics
import Foundation
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// With `--json` a command prints one JSON document, whatever came of it, and of the form that is published.
@Suite(.needsRoot) struct JSONContractKernelTests {
    /// Commands in situations of all kinds, in an order in which each finds what the ones before left. `POLICY` and its
    /// like are files of the test.
    private static let story: [(words: String, status: Int32)] = [
        // Nothing is there yet.
        ("status", 0), ("history", 0), ("ban", 0), ("history 3", 1), ("diff 1 2", 1), ("services", 0),
        ("services ssh", 0), ("services 5432", 0), ("services nothing-like-it", 1), ("services 3", 1),
        ("check POLICY", 0), ("check BROKEN", 1), ("check SHUT", 1), ("check MISSING", 1),
        ("check WARNED", 0),
        ("compile POLICY", 0), ("compile BROKEN", 1), ("compile POLICY --backend iptables", 0),
        ("compile POLICY --backend iptables --family ipv6 --without-ipset", 0),
        ("compile POLICY --family ipv4", 2),
        ("fmt RULES", 0), ("fmt WRONG", 1), ("fmt MISSING", 4),
        ("explain RULES --packet tcp", 0), ("explain RULES --packet nonsense", 1),
        ("explain WRONG --packet tcp", 1),
        ("explain MISSING --packet tcp", 4), ("explain RULES", 2),
        ("try BROKEN", 1), ("try MISSING", 1), ("try SMALL --backend nftables", 0),
        ("try SMALL --backend nftables --quiet", 0),
        ("plan POLICY", 0), ("plan BROKEN", 1), ("plan SHUT", 1), ("plan MISSING", 1),
        ("apply BROKEN", 1), ("apply SHUT", 1), ("apply MISSING", 1), ("apply POLICY --confirm-within 4s", 2),
        ("apply POLICY --confirm-within 5", 2), ("apply POLICY --backend none", 2), ("status extra", 2),
        ("history --last none", 2), ("history --last 0", 2), ("diff", 2), ("ban 192.0.2.1 --for 1", 2),
        ("ban example.org", 2), ("unban 192.0.2.1", 0), ("ban 127.0.0.1", 1), ("unban nobody", 2),
        // A change that waits, taken back and confirmed.
        ("apply POLICY --confirm-within 5m", 0), ("status", 0), ("history", 0), ("apply WARNED", 1),
        ("plan WARNED", 1),
        ("!rollback", 0), ("history", 0), ("apply POLICY --now --force", 0), ("apply POLICY", 0),
        ("status", 0),
        ("apply WARNED --now --force", 0), ("diff 2 3", 0), ("diff 2", 0), ("history 3", 0), ("history", 0),
        ("plan POLICY", 0), ("diff 2 9", 1),
        ("ban 192.0.2.1 --for 1h", 0), ("ban 2001:db8::/64", 0), ("ban", 0), ("unban 192.0.2.1", 0),
        ("ban 0.0.0.0/0", 1), ("status", 0),
        // The other changes: refused, dry, waiting, decided.
        ("rollback", 1), ("rollback --dry-run", 1), ("rollback --to 99", 1), ("rollback --to none", 2),
        ("confirm", 1), ("confirm 9-zzzz", 1), ("confirm --extend 5m", 1), ("confirm 9-zzzz --extend 5m", 2),
        ("rollback --to 2 --dry-run", 0), ("rollback --to 2 --confirm-within 5m", 0),
        ("rollback --dry-run", 0),
        ("confirm --extend 10m", 0), ("confirm wrong", 1), ("remove", 1), ("restore --ipv4 RULES", 1),
        ("rollback", 0), ("rollback --to 2 --now --force", 0), ("rollback --to 2 --now --force", 0),
        ("restore --ipv4 MISSING", 1), ("restore --ipv4 WRONG", 1), ("restore --ipv4 POLICY", 1),
        ("restore --ipv4 RULES --force --confirm-within 5m", 0), ("rollback", 0),
        ("remove --confirm-within 3s", 2), ("remove --confirm-within 5m", 0), ("confirm --same-session", 1),
        ("rollback", 0), ("remove --now", 0), ("remove", 0),
    ]

    @Test func oneDocumentOfThePublishedForm() async throws {
        let host = try await TestHost.make()
        let files = try Self.files(host)
        let schema = try JSONDocument.schema()
        for (line, status) in Self.story {
            let isHidden = line.hasPrefix("!")
            let words = line.drop { $0 == "!" }.split(separator: " ").map { files[String($0)] ?? String($0) }
            let state = Self.stateless.contains(words[0]) ? [] : ["--state", host.state]
            let command = [TestHost.program] + words + state + (isHidden ? [] : ["--json"])
            let result = try await host.start(command).result()
            #expect(result.status == status, "\(line): \(result)")
            if !isHidden { JSONDocument.hold(result.output, words[0], schema, line) }
        }
    }

    private static let stateless: Set<String> = ["check", "compile", "fmt", "explain", "try", "services"]

    private static func files(_ host: TestHost) throws -> [String: String] {
        let (rules, wrong) = ("\(host.folder)/rules.v4", "\(host.folder)/wrong.v4")
        let head = "*filter\n:INPUT DROP [0:0]\n"
        try "\(head)-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n".write(
            toFile: rules,
            atomically: true,
            encoding: .utf8
        )
        try "\(head)-A INPUT -p tcp --dprt 22 -j ACCEPT\nCOMMIT\n".write(
            toFile: wrong,
            atomically: true,
            encoding: .utf8
        )
        return [
            "POLICY": try host.policy(TestHost.ssh),
            "WARNED": try host.policy(
                "inbound:\n  - allow: [ssh, https]\n    log: true\noutbound:\n  - allow: ssh\nlog: {dropped: 5/minute}\n",
                named: "warned.yaml"
            ),
            "SMALL": try host.policy("inbound:\n  - allow: ssh\n", named: "small.yaml"),
            "BROKEN": try host.policy("inbound:\n  - allow: shs\n  - alow: 5\n", named: "broken.yaml"),
            "SHUT": try host.policy("inbound:\n  - allow: http\n", named: "shut.yaml"),
            "MISSING": "\(host.folder)/missing.yaml", "RULES": rules, "WRONG": wrong,
        ]
    }

    /// Every command that takes the flag is in the story, and in the schema.
    @Test func everyCommandWithTheFlagIsHeld() async throws {
        let host = try await TestHost.make()
        let help = try await host.start([TestHost.program, "--experimental-dump-help"]).result()
        let object = try JSONSerialization.jsonObject(with: Data(help.output.utf8)) as? [String: Any]
        let root = try #require(object?["command"] as? [String: Any])
        let commands = try #require(root["subcommands"] as? [[String: Any]])
        let names = commands.filter { command in
            (command["arguments"] as? [[String: Any]] ?? []).contains { $0["valueName"] as? String == "json" }
        }
        .compactMap { $0["commandName"] as? String }
        #expect(names.count >= 12, "\(names)")
        let told = Set(Self.story.compactMap { $0.words.split(separator: " ").first.map(String.init) })
        let schema = try JSONDocument.schema()
        for name in names {
            #expect(told.contains(name), "\(name) is in no story")
            #expect(schema["$defs"]?[name] != nil, "\(name) is not in the schema")
        }
    }

    /// What a script needs to confirm, and how long it has.
    @Test func applyTellsNumberCodeAndDeadline() async throws {
        let host = try await TestHost.make()
        let path = try host.policy(TestHost.ssh)
        let result = try await host.run("apply", path, "--json", "--confirm-within", "5m")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let generation = try #require(object?["generation"] as? [String: Any], "\(result)")
        #expect(object?["outcome"] as? String == "waits")
        #expect(generation["number"] as? Int == 1)
        let ticket = try #require(generation["ticket"] as? String)
        #expect(ticket == "1-\(try #require(generation["code"] as? String))")
        let deadline = try #require(
            (generation["deadline"] as? String).flatMap { try? Date($0, strategy: .iso8601) }
        )
        #expect((200...301).contains(deadline.timeIntervalSinceNow), "\(generation)")
        #expect(try await host.confirm(ticket).status == 0)
    }

    /// Whoever may not, learns it the same way.
    @Test func withoutRootToo() async throws {
        let host = try await TestHost.make()
        let schema = try JSONDocument.schema()
        for name in [
            "status", "plan", "apply", "history", "ban", "try", "rollback", "remove", "restore", "confirm",
        ] {
            let policy = ["plan", "apply", "try"].contains(name) ? [try host.policy(TestHost.ssh)] : []
            let command = RefusalKernelTests.nobody + [TestHost.program, name] + policy + ["--json"]
            let result = try await host.start(command).result()
            #expect(result.status != 0, "\(result)")
            JSONDocument.hold(result.output, name, schema, "\(name) of nobody")
        }
    }
}
