import Compiler
import Foundation
import PacketModel
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// Rules that were typed by hand, beside those of everybody else, saved and booted.
@Suite(.needsRoot) struct SaveKernelTests {
    @Test(arguments: NeighbourBackend.allCases)
    func whatIsAPersonsComesBackAndNothingElse(_ ours: NeighbourBackend) async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        try await ours.commit(Neighbours.policy, in: host.namespace)
        let root = try PersistentHost([.netfilterPersistent])
        let report = try await host.save(into: root)
        #expect(report.way == .netfilterPersistent)
        #expect(report.places.count == 3)
        let owners = report.leftOut.lines.map { $0.prefix { $0 != ":" } }
        // The tables of iptables-legacy are not those that the services of this host load.
        let variant = try await defaultVariant()
        #expect(owners.contains("Wallwright") == (ours != .iptablesLegacy || variant == .legacy))
        for owner in ["Docker", "fail2ban", "firewalld", "libvirt"] {
            #expect(owners.contains { $0 == owner }, "\(owner)")
        }
        #expect(
            report.leftOut.lines.last == "tables of nftables: wallwright save --using nftables writes them"
        )
        let boot = try await root.boot(
            "ipset restore < /etc/iptables/ipsets && iptables-nft-restore < /etc/iptables/rules.v4 && "
                + "ip6tables-nft-restore < /etc/iptables/rules.v6 && iptables-nft-save && ip6tables-nft-save"
        )
        for rule in [
            ":INPUT DROP", "-A INPUT -m set --match-set mine src -j DROP", "--comment \"my own\" -j ACCEPT",
            "-A DOCKER-USER -s 192.0.2.66/32", "-A DOCKER-USER -s 2001:db8::66/128",
        ] {
            #expect(boot.output.contains(rule), "\(rule)")
        }
        for word in ["f2b", "LIBVIRT", "docker0", "MASQUERADE", ":WALLWRIGHT", "-j WALLWRIGHT", "-j DOCKER"] {
            #expect(!boot.output.contains(word), "\(word)")
        }
    }

    /// With everyone, a kernel that loads it holds what the first one held.
    @Test(arguments: IptablesVariant.allCases)
    func everyoneIsAllOfIt(_ variant: IptablesVariant) async throws {
        let host = try await Neighbours.besideAPerson(variant)
        let root = try PersistentHost([.iptablesServices])
        let isDefault = try await defaultVariant() == variant
        let report = try await host.save(into: root, everyone: true)
        guard isDefault else {
            #expect(
                report.leftOut.lines.contains { $0.hasPrefix("the rules of iptables-\(variant.rawValue): ") }
            )
            return
        }
        let boot = try await root.boot(
            "ipset restore < /etc/sysconfig/ipset && iptables-\(variant.rawValue)-restore /etc/sysconfig/iptables && "
                + "ip6tables-\(variant.rawValue)-restore /etc/sysconfig/ip6tables"
        )
        for family in IPFamily.allCases {
            let save = try Tool(
                named: "\(family == .ipv4 ? "iptables" : "ip6tables")-\(variant.rawValue)-save"
            )
            let before = OthersText.ofSave(try await save.run([], text: "", in: host.namespace))
            let after = OthersText.ofSave(try await save.run([], text: "", in: boot.namespace))
            #expect(Self.withoutCounters(after) == Self.withoutCounters(before))
        }
    }

    @Test func tablesOfNftablesComeBackByALine() async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        let root = try PersistentHost([.nftables])
        try root.write("/etc/nftables.conf", "flush ruleset")
        let report = try await host.save(into: root)
        #expect(report.way == .nftables)
        #expect(report.leftOut.lines.contains { $0.hasPrefix("the rules of iptables for ipv4") })
        #expect(
            try root.text("/etc/nftables.conf") == "flush ruleset\ninclude \"/etc/wallwright/saved.nft\"\n"
        )
        let again = try await host.save(into: root)
        #expect(again.places == ["\(root.root)/etc/wallwright/saved.nft"])
        let boot = try await root.boot("nft -f /etc/nftables.conf; nft list ruleset")
        #expect(boot.output.contains("tcp dport 23 drop"))
        #expect(!boot.output.contains("f2b") && !boot.output.contains("firewalld"))
    }

    @Test func whatWasSavedBeforeIsKept() async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        let root = try PersistentHost([.netfilterPersistent])
        try root.write("/etc/iptables/rules.v4", "older\n")
        try root.write("/etc/iptables/ipsets", "create gone hash:ip\n")
        try await Tool(named: "iptables-nft").run(["-F"], in: host.namespace)
        _ = try await host.save(into: root)
        #expect(try root.text("/etc/iptables/rules.v4.save") == "older\n")
        #expect(try !root.text("/etc/iptables/ipsets").contains("gone"))
    }

    @Test(arguments: [SaveWay.netfilterPersistent, .nftables])
    func whereNothingIsNothingIsWritten(_ way: SaveWay) async throws {
        let root = try PersistentHost([.netfilterPersistent, .nftables])
        let before = try root.tree()
        let saving = RuleSaving(root: root.root, namespace: try await .make())
        #expect(try await saving.save(using: way, everyone: false, besides: nil, for: .ofSSH).places == [])
        #expect(try root.tree() == before)
    }

    @Test func theCopyOfEnableIsNotOverwritten() async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        let root = try PersistentHost([.iptablesServices])
        try await root.confirm(EnablingTests.lines, .iptablesNft)
        try await root.enable()
        let before = try root.tree()
        await #expect(throws: ChangeError.self) { try await host.save(into: root) }
        #expect(try root.tree() == before)
    }

    @Test func aRootWithoutTheSoftwareIsRefused() async throws {
        let host = try await Neighbours.besideAPerson(.nft)
        let root = try PersistentHost([.nftables])
        let error = await #expect(throws: ChangeError.self) {
            try await host.save(into: root, .netfilterPersistent)
        }
        #expect(error?.description.hasSuffix("these are there: nftables") == true)
        let bare = try PersistentHost([])
        await #expect(throws: ChangeError.self) { try await host.save(into: bare) }
        #expect(try await host.save(into: bare, .ipsetFiles).places == ["\(bare.root)/etc/ipset.conf"])
        #expect(try bare.text("/etc/ipset.conf").hasSuffix("add mine 192.0.2.0/24\n"))
    }

    /// Which of the two `iptables` is here.
    private func defaultVariant() async throws -> IptablesVariant {
        try await Tool(named: "iptables").run(["--version"], text: "").contains("nf_tables") ? .nft : .legacy
    }

    private static func withoutCounters(_ lines: [Substring]) -> [Substring] {
        lines.map { line in line.hasPrefix(":") ? line.prefix { $0 != "[" } : line }
    }
}
