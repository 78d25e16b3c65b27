import Compiler
import Foundation
import Glibc
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// What was saved comes back as a change like any other, beside everybody's rules.
@Suite(.needsRoot) struct RestoreKernelTests {
    private static let ways: [(SaveWay, Software, BackendKind?)] = [
        (.netfilterPersistent, .netfilterPersistent, .nftables),
        (.iptablesServices, .iptablesServices, .iptablesNft),
        (.nftables, .nftables, .iptablesLegacy), (.netfilterPersistent, .netfilterPersistent, nil),
    ]

    @Test func whatWasSavedComesBackAndNothingElseChanges() async throws {
        try await together(Self.ways, atMost: 4) { way, software, ours in
            let saved = try await SavedHost.make(way, software, ours: ours)
            let host = saved.host
            let asSaved = try await saved.everything(counters: false)
            try await saved.spoil()
            let spoilt = try await saved.everything()
            let restored = try await saved.restore()
            try #require(restored.status == 0, "\(way): \(restored)")
            #expect(restored.output.contains("keeps     everything else, ours too"), "\(restored)")
            // Of an nftables way the chains of iptables are no part, and the other way round.
            if way != .nftables {
                #expect(restored.output.contains("set mine, 1 element"), "\(restored)")
                #expect(
                    restored.output.contains("IPv4 filter INPUT: 1 rule comes, 2 rules go, "),
                    "\(restored)"
                )
                #expect(restored.output.contains("policy DROP instead of ACCEPT"), "\(restored)")
            } else {
                #expect(restored.output.contains("makes     table inet mine"), "\(restored)")
            }
            #expect(try await saved.restore().error.contains("waits to be confirmed"))
            #expect(try await host.run("status").output.contains("restores   \(saved.root.root)/etc/"))
            let back = try await host.run("rollback")
            #expect(back.status == 0, "\(back)")
            let strange = try await saved.everything().difference(from: spoilt)
            #expect(strange.isEmpty, "\(way): \(strange)")

            let again = try await saved.restore()
            #expect(try await host.confirm(try again.ticket).status == 0)
            let after = try await saved.everything(counters: false)
            let other = after.difference(from: asSaved)
            if way == .nftables {
                let lines = other.insertions.count + other.removals.count
                #expect(lines > 0 && !after.contains { $0.contains("wallwright-") }, "\(other)")
                #expect(after.contains { $0.contains("tcp dport 23 drop") })
            } else {
                let tables = try await saved.tablesOfNft()
                #expect(!tables.contains("inet mine"), "what no file names stays away")
                #expect(other.insertions.isEmpty, "\(way): \(other)")
            }
            let same = try await saved.restore()
            #expect(same.output == "nothing to do: the kernel holds what was saved\n", "\(same)")
            #expect(try await host.run("history").output.contains("restore \(saved.root.root)/etc/"))
            try await Self.isNoFirewallOfOurs(host, ours)
        }
    }

    /// Status, rollback and boot speak of ours as if there had been no restore.
    private static func isNoFirewallOfOurs(_ host: TestHost, _ ours: BackendKind?) async throws {
        let last = try #require(try host.opened().generationNumbers().last)
        let to = try await host.run("rollback", "--to", "\(last)")
        #expect(to.status == 1 && to.error.contains("restored rules of others"), "\(to)")
        guard ours != nil else { return }
        let live = try await host.digest()
        #expect(try await host.run("status").output.contains("generation 1, confirmed"))
        let boot = try await host.run("boot", "--without-watch")
        #expect(boot.output == "generation 1 is loaded\n", "\(boot)")
        #expect(try await host.digest() == live)
        #expect(try await host.run("rollback").error.contains("there is no earlier generation"))
    }

    private static let blows = ["deadline", "kill", "kill guard", "kill early"]

    @Test func whateverDiesTheOldRulesComeBack() async throws {
        try await together(Self.blows, atMost: 4) { blow in
            let saved = try await SavedHost.make(.netfilterPersistent, .netfilterPersistent)
            let host = saved.host
            try await saved.spoil()
            let spoilt = try await saved.everything()
            let words = ["restore", "--root", saved.root.root, "--confirm-within", "5s"]
            let running = try await host.start([TestHost.program] + words + ["--state", host.state])
            if blow == "kill" || blow == "kill early" {
                let wanted: TestHost.Phase = blow == "kill" ? .pending : .guarded
                _ = try await host.waits(.seconds(20)) {
                    let folder = try StateFolder.existing(at: host.view)
                    guard let folder, folder.outcome(1) != nil else { return false }
                    return try wanted == .guarded ? host.isGuarded(1) : folder.commitment(1) != nil
                }
                running.process.signal(SIGKILL)
            }
            _ = try await running.process.end()
            if blow == "kill guard" { for inner in host.workers(inner: true) { kill(inner, SIGKILL) } }
            #expect(try await host.settles(), "\(blow)")
            let other = try await saved.everything().difference(from: spoilt)
            #expect(other.isEmpty, "\(blow): \(other)")
            #expect(try host.outcomes() == [.rolledBack], "\(blow)")
        }
    }

    @Test func whatShutsSSHIsRefused() async throws {
        let host = try await TestHost.make()
        let path = "\(host.folder)/rules.v4"
        let closed = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n"
        try closed.write(toFile: path, atomically: true, encoding: .utf8)
        let refused = try await host.run("restore", "--ipv4", path)
        #expect(refused.status == 1, "\(refused)")
        #expect(refused.error.contains("tried in a copy, the saved rules let no login from "), "\(refused)")
        #expect(try await host.open() == TestHost.everything)
        #expect(try host.outcomes() == [])
        let forced = try await host.run("restore", "--ipv4", path, "--force")
        #expect(forced.status == 0, "\(forced)")
        #expect(try await host.open() == ["ipv4 80", "ipv6 22", "ipv6 80"])
        #expect(try await host.run("rollback").status == 0)
        #expect(try await host.open() == TestHost.everything)
        let open = closed.replacing("--dport 80", with: "--dport 22")
        try open.write(toFile: path, atomically: true, encoding: .utf8)
        let now = try await host.run("restore", "--ipv4", path, "--now")
        #expect(now.status == 0 && now.output.hasSuffix("confirmed: generation 2 stays\n"), "\(now)")
        #expect(try await host.open() == ["ipv4 22", "ipv6 22", "ipv6 80"])
    }

    private static let damaged: [(option: String, text: String, says: String)] = [
        (
            "--ipv4", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tpc -j DROP\nCOMMIT\n",
            "saved:3: unknown protocol"
        ),
        ("--ipv4", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j NOWHERE\nCOMMIT\n", "saved:4: Chain 'NOWHERE'"),
        ("--ipv4", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n", "saved"),
        ("--ipv6", "*filter\n-A INPUT -s 192.0.2.1 -j DROP\nCOMMIT\n", "saved:2"),
        ("--ipv4", "*filter\n-A INPUT -m set --match-set gone src -j DROP\nCOMMIT\n", "gone doesn't exist"),
        ("--sets", "create a hash:ip\nadd a 192.0.2.999\n", "saved:2: "),
        ("--tables", "table inet t {\n chain c {\n  tcp dport 22 acept\n }\n}\n", "saved:3: syntax error"),
        ("--ipv4", "\u{0}\u{1}", "saved is damaged: it is not text"),
        ("--ipv4", "", "nothing to restore: there is no rule"),
        ("--tables", "# nothing\n", "nothing to restore: there is no rule"),
        (
            "--tables", "table ip filter {\n chain INPUT { tcp dport 23 drop; }\n}\n",
            "table ip filter is kept by iptables here"
        ),
    ]

    @Test func aDamagedFileIsRefusedWithItsPlace() async throws {
        let saved = try await SavedHost.make(.netfilterPersistent, .netfilterPersistent)
        let before = try await saved.everything()
        let path = "\(saved.host.folder)/saved"
        for (option, text, says) in Self.damaged {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let result = try await saved.host.run("restore", option, path)
            #expect(result.status == 1 && result.error.contains(says), "\(text): \(result)")
        }
        for (words, says) in [
            (["--ipv4", "/nowhere"], "nothing to restore: /nowhere is not there"),
            (
                ["--using", "ipset-files", "--root", saved.root.root],
                "do: wallwright save --using ipset-files"
            ),
            (["--ipv4", "/dev/zero"], "is not a regular file"),
        ] {
            let result = try await saved.host.start(
                [TestHost.program, "restore"] + words + ["--state", saved.host.state]
            ).result()
            #expect(result.status == 1 && result.error.contains(says), "\(words): \(result)")
        }
        let other = try await saved.everything().difference(from: before)
        #expect(other.isEmpty, "\(other)")
        #expect(try saved.host.outcomes() == [])
    }

    /// The older tables, and everybody's rules as they were, dead bans too.
    @Test(arguments: IptablesVariant.allCases)
    func everyoneIsAllOfIt(_ variant: IptablesVariant) async throws {
        let neighbours = try await Neighbours.besideAPerson(variant)
        let firewall = OthersFirewall(in: neighbours.namespace)
        var files = try SavedFiles(ipv4: nil, ipv6: nil, sets: nil, tables: nil)
        let save = try Tool(named: "iptables-\(variant.rawValue)-save")
        let text = try await save.run([], text: "", in: neighbours.namespace)
        files.ipv4 = .init(place: "rules.v4", text: text)
        let load = try await DryLoad(for: neighbours.namespace, variant)
        let (rules, leftOut) = try await load.rules(files, everyone: true)
        #expect(leftOut.isEmpty)
        let iptables = try Tool(named: "iptables-\(variant.rawValue)")
        for words in [
            ["-F", "INPUT"], ["-F", "f2b-sshd"], ["-t", "nat", "-F"], ["-P", "FORWARD", "ACCEPT"],
        ] {
            try await iptables.run(words, in: neighbours.namespace)
        }
        let before = try await firewall.installed(at: rules)
        try await firewall.install(rules)
        let after = try await save.run([], text: "", in: neighbours.namespace)
        func bare(_ text: String) -> [String] {
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { String($0).replacing(/\ \[[0-9:]+\]/, with: "") }
        }
        #expect(bare(after) == bare(text))
        try await firewall.install(before)
        #expect(try await firewall.installed(at: rules).listingWithoutTables == before.listingWithoutTables)
    }
}

extension SavedHost {
    func tablesOfNft() async throws -> [String] {
        try await Tool(named: "nft").run(["list", "tables"], text: "", in: neighbours.namespace)
            .split(separator: "\n").map { String($0.dropFirst("table ".count)) }
    }
}
