import Compiler
import PacketModel
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// What is saved beside a firewall that shuts the policies lets SSH in, whatever becomes of that firewall.
@Suite(.needsRoot) struct UfwSavingKernelTests {
    private static let own = "-A INPUT -s 192.0.2.66/32 -j DROP\n"

    private static func host(_ added: String = own) async throws -> NetworkNamespace {
        let host = try await NetworkNamespace.make()
        for family in IPFamily.allCases {
            let restore = try Tool(named: family == .ipv4 ? "iptables-restore" : "ip6tables-restore")
            try await restore.run([], text: OwnerRules.text(family == .ipv4 ? "ufw.v4" : "ufw.v6"), in: host)
        }
        try await Tool(named: "iptables-restore").run(
            ["--noflush"],
            text: "*filter\n\(added)COMMIT\n",
            in: host
        )
        return host
    }

    @Test func withUfwGoneALoginGetsIn() async throws {
        let root = try PersistentHost([.netfilterPersistent])
        let report = try await RuleSaving(root: root.root, namespace: try await Self.host())
            .save(using: nil, everyone: false, besides: nil, for: .ofSSH)
        #expect(report.leftOut.lines.contains { $0.hasPrefix("the policy of filter INPUT: ACCEPT") })
        let text = try root.text("/etc/iptables/rules.v4")
        #expect(text.contains(":INPUT ACCEPT") && text.contains(Self.own) && !text.contains("ufw"))
        // IPv6 had rules of ufw's alone: there is nothing to save.
        #expect(report.places.count == 1)
        let copy = try await HostCopy.bare(for: .ofSSH)
        try await Tool(named: "iptables-restore").run([], text: text, in: copy.namespace)
        #expect(try await copy.admitted().count == 2)
    }

    /// A person's own last rule, which drops what ufw's did not let in.
    @Test func whatWouldShutLoginsOutIsNotWritten() async throws {
        let host = try await Self.host("-A INPUT -j DROP\n")
        let root = try PersistentHost([.netfilterPersistent])
        let before = try root.tree()
        let saving = RuleSaving(root: root.root, namespace: host)
        let error = await #expect(throws: ChangeError.self) {
            try await saving.save(using: nil, everyone: false, besides: nil, for: .ofSSH)
        }
        #expect(
            error?.description.contains("lets no login from 198.18.1.2 to 198.18.1.1 in after a boot") == true
        )
        #expect(try root.tree() == before)
        let forced = try await saving.save(
            using: nil,
            everyone: false,
            besides: nil,
            for: .ofSSH,
            force: true
        )
        #expect(forced.places.count == 1)
    }

    /// What was saved says ACCEPT; with ufw on, that is not to open what ufw shut.
    @Test func restoringLeavesThePolicyThatUfwShut() async throws {
        let host = try await Self.host("")
        var files = try SavedFiles(ipv4: nil, ipv6: nil, sets: nil, tables: nil)
        files.ipv4 = .init(place: "rules.v4", text: "*filter\n:INPUT ACCEPT [0:0]\n\(Self.own)COMMIT\n")
        let variant = try await IptablesVariant.ofThisHost()
        let saved = try await DryLoad(for: host, variant).rules(files, everyone: false).0
        let firewall = OthersFirewall(in: host)
        let rules = try await firewall.leavingPolicies(saved)
        try await firewall.install(rules)
        let text = try await Tool(named: "iptables-save").run([], text: "", in: host)
        #expect(text.contains(":INPUT DROP") && text.contains(Self.own))
        #expect(
            try await firewall.listing(of: rules).differences(from: OthersFirewall.expectedListing(of: rules))
                == []
        )
    }
}
