import PacketModel
import TestSupport
import Testing

@testable import Deployment
@testable import Kernel

/// What we save, Debian's own program loads.
@Suite(.needsRoot, .needsDebianPackages) struct SaveDebianTests {
    @Test func netfilterPersistentLoadsIt() async throws {
        let namespace = try await NetworkNamespace.make()
        let ipset = try Tool(named: "ipset")
        try await ipset.run(["create", "mine", "hash:ip"], in: namespace)
        try await ipset.run(["add", "mine", "192.0.2.7"], in: namespace)
        let rules = [
            (IPFamily.ipv4, "-A INPUT -m set --match-set mine src -j DROP"),
            (.ipv6, "-A INPUT -s 2001:db8::7/128 -j DROP"),
        ]
        for (family, rule) in rules {
            let restore = try Tool(named: family == .ipv4 ? "iptables-restore" : "ip6tables-restore")
            try await restore.run([], text: "*filter\n:INPUT ACCEPT [0:0]\n\(rule)\nCOMMIT\n", in: namespace)
        }
        let root = try PersistentHost([])
        try await DebianPackages.install(in: root)
        _ = try await RuleSaving(root: root.root, namespace: namespace)
            .save(using: .netfilterPersistent, everyone: false, besides: nil, for: .ofSSH)
        let boot = try await root.boot(
            "netfilter-persistent start 2>&1; iptables-save; ip6tables-save; ipset list mine"
        )
        for (_, rule) in rules { #expect(boot.output.contains(rule)) }
        #expect(boot.output.contains("192.0.2.7"))
    }
}
