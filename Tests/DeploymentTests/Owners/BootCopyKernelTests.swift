import PacketModel
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// What is saved loads at a boot, before any interface is there.
@Suite(.needsRoot) struct BootCopyKernelTests {
    /// A table that loads while the interfaces `eth0`, `vrrp.51` and `veth9` are there: what of it must be left when they
    /// are not, and what must be told.
    struct Sample: Sendable {
        let text: String
        let keeps: [String]
        let loses: [String]
    }

    static let samples = [
        Sample(
            text: """
                table inet a {
                    chain input {
                        type filter hook input priority 0; policy drop;
                        iif "lo" accept
                        iif "eth0" tcp dport 22 accept
                        oif != "eth0" iif { "eth0", "vrrp.51" } tcp dport { 80, 443 } accept
                        ip saddr 192.0.2.1 iif "eth0" fib saddr . iif oif missing drop
                    }
                }
                """,
            keeps: [
                "iif \"lo\" accept", "iifname \"eth0\" tcp dport 22 accept",
                "oifname != \"eth0\" iifname { \"eth0\", \"vrrp.51\" }", "fib saddr . iif oif missing drop",
            ],
            loses: []
        ),
        Sample(
            text: """
                table inet b {
                    map m { type iface_index : iface_index; elements = { "vrrp.51" : "eth0", "lo" : "lo" }; }
                    set s { type iface_index; elements = { "vrrp.51" }; }
                    set names { type ifname; elements = { "eth0", "veth9" }; }
                    chain output {
                        type filter hook output priority 0;
                        oif @s drop
                        oifname @names accept
                    }
                }
                """,
            keeps: ["\"lo\" : \"lo\"", "oif @s drop", "\"veth9\""],
            loses: ["an element of map m: \"vrrp.51\" : \"eth0\"", "an element of set s: \"vrrp.51\""]
        ),
        Sample(
            text: """
                table netdev c {
                    chain ingress {
                        type filter hook ingress device "eth0" priority 0;
                        tcp dport 23 drop
                    }
                    chain other { tcp dport 24 drop; }
                }
                """,
            keeps: ["chain other", "tcp dport 24 drop"],
            loses: ["chain ingress (No such file or directory"]
        ),
        Sample(
            text: """
                table inet d {
                    set banned { type ipv4_addr; elements = { 192.0.2.1 comment "a, b } c", 192.0.2.2 }; }
                    chain input {
                        type filter hook input priority 0; policy drop;
                        ip saddr @banned drop
                        ct state established accept
                    }
                }
                """,
            keeps: ["\"a, b } c\"", "192.0.2.2", "ip saddr @banned drop", "policy drop"],
            loses: []
        ),
    ]

    @Test(arguments: samples.indices)
    func whatIsLeftLoadsWithoutInterfaces(_ index: Int) async throws {
        let sample = Self.samples[index]
        let host = try await Self.host()
        let nft = try Tool(named: "nft")
        try await nft.run(["-f", "-"], text: sample.text, in: host)
        let live = try #require(try await LiveRules.read(in: host).tables.first)
        var copy = try await BootCopy()
        let left = try #require(try await copy.loadable(live))
        let boot = try await NetworkNamespace.make()
        try await nft.run(["-f", "-"], text: left.replacing, in: boot)
        let listing = try await nft.run(["list", "ruleset"], text: "", in: boot)
        for line in sample.keeps { #expect(listing.contains(line), "\(line) in \(listing)") }
        // Newer kernels take a chain of an interface that is not there yet.
        let loadsAsItIs = try await BootCopy().refusal(ofNft: live.text) == nil
        #expect(copy.lost.count == (loadsAsItIs ? 0 : sample.loses.count), "\(copy.lost)")
        for (lost, told) in zip(copy.lost.sorted(), sample.loses.sorted()) {
            #expect(lost.contains(told), "\(lost)")
        }
    }

    /// keepalived's own, under the name that it has and under one that a person gave it.
    @Test(arguments: ["keepalived", "vips"])
    func aMapOfKeepalivedKeepsNothingElseFromLoading(_ name: String) async throws {
        let host = try await Self.host()
        let text = try OwnerRules.text("keepalived.nft").split(separator: "table ip6 ")[0]
            .replacing(" keepalived ", with: " \(name) ")
        let nft = try Tool(named: "nft")
        try await nft.run(["-f", "-"], text: String(text), in: host)
        try await nft.run(
            ["-f", "-"],
            text: "table inet mine { chain c { tcp dport 23 drop; }\n}\n",
            in: host
        )
        let root = try PersistentHost([.nftables])
        try root.write("/etc/nftables.conf", "flush ruleset\n")
        let report = try await RuleSaving(root: root.root, namespace: host)
            .save(using: .nftables, everyone: false, besides: nil, for: .ofSSH)
        let boot = try await root.boot("nft -f /etc/nftables.conf; nft list ruleset")
        #expect(boot.output.contains("tcp dport 23 drop"))
        #expect(boot.output.contains("table ip vips") == (name == "vips"))
        let told = name == "vips" ? "table ip vips: an element of map vmac_map" : "keepalived: 1 table"
        #expect(report.leftOut.lines.contains { $0.contains(told) }, "\(report.leftOut.lines)")
    }

    @Test func aRuleThatCannotBeLoadedGoesAloneAndIsTold() async throws {
        var copy = try await BootCopy()
        let sets = try await copy.loadable(sets: "create a hash:ip\nadd a 192.0.2.1\nadd b 192.0.2.1\n")
        #expect(sets == "create a hash:ip\nadd a 192.0.2.1\n")
        let rules = try await copy.loadable(
            iptables: "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set a src -j DROP\n"
                + "-A INPUT -m set --match-set b src -j DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n",
            .ipv4
        )
        #expect(
            rules.contains("--match-set a src") && rules.contains("--dport 22") && !rules.contains("-set b")
        )
        #expect(copy.lost.count == 2 && copy.lost[1].contains("Set b doesn't exist"), "\(copy.lost)")
    }

    private static func host() async throws -> NetworkNamespace {
        let host = try await NetworkNamespace.make()
        let names = ["eth0", "vrrp.51", "veth9"]
        let commands = names.enumerated().map {
            "link add \($1) type veth peer name p\($0)\nlink set \($1) up\n"
        }
        try await Tool(named: "ip").run(["-batch", "-"], text: commands.joined(), in: host)
        return host
    }
}
