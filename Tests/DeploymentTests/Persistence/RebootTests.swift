import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// A boot with nothing but the disk: each way by the command that starts it there.
@Suite(.needsRoot) struct RebootTests {
    static let lines = """
        inbound:
          - allow: [ssh, http]
          - allow: mysql
            from: [192.0.2.5, 198.51.100.0/24, "2001:db8::/48"]
          - allow: https
            limit: 50/minute per source
        nat:
          - masquerade: true
            out: eth0
            from: 10.9.0.0/16

        """

    @Test(arguments: Software.systemd.backends)
    func theUnitLoadsIt(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.systemd])
        let (_, digest) = try await host.confirm(Self.lines, backend)
        try await host.enable()
        let boot = try await host.boot(try host.unit("wallwright.service", "ExecStart"))
        #expect(boot.output == "generation 1 is loaded\n")
        #expect(try await boot.digest() == digest)
    }

    /// systemd gives the result to what comes after (systemd.exec(5), "$SERVICE_RESULT").
    @Test(
        arguments: [
            ("success", ""), ("exit-code", "generation 1 is loaded\n"),
            ("signal", "generation 1 is loaded\n"),
            ("resources", "generation 1 is loaded\n"),
        ]
    )
    func aBootThatDidNotEndWellIsMadeOnceMore(_ result: String, _ output: String) async throws {
        let host = try PersistentHost([.systemd])
        _ = try await host.confirm(Self.lines, .iptablesNft)
        try await host.enable()
        // With all rights, and with no sandbox (systemd.service(5), "COMMAND LINES").
        let line = try host.unit("wallwright.service", "ExecStopPost")
        #expect(line.hasPrefix("+"))
        let after = line.dropFirst()
        #expect(try await host.boot("export SERVICE_RESULT=\(result); \(after)").output == output)
    }

    /// The rights that the unit has are enough, also where the kernel lists the rules otherwise and a namespace is
    /// made to compare.
    @Test(arguments: Software.systemd.backends)
    func theUnitNeedsNoMoreThanItHas(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.systemd])
        let (_, digest) = try await host.confirm(Self.lines, backend)
        try await host.enable()
        let names = try host.unit("wallwright.service", "CapabilityBoundingSet").lowercased()
        let rights = names.split(separator: " ").map { "+\($0.dropFirst("cap_".count))" }
        let boot = try await host.boot(
            "exec setpriv --bounding-set=-all,\(rights.joined(separator: ",")) --no-new-privs -- "
                + (try host.unit("wallwright.service", "ExecStart"))
        )
        #expect(try await boot.digest() == digest)
    }

    /// What openrc-run(8) gives to a script: the functions that tell of it.
    @Test(arguments: Software.openrc.backends)
    func theScriptOfOpenRCLoadsIt(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.openrc])
        let (_, digest) = try await host.confirm(Self.lines, backend)
        try await host.enable()
        let said =
            "need() { echo need $*; }; after() { :; }; before() { echo before $*; }; provide() { :; };"
            + "ebegin() { echo $*; }; eend() { echo ended $1; return $1; };"
        let boot = try await host.boot("\(said) . /etc/runlevels/boot/wallwright; depend; start; stop")
        #expect(boot.output.hasPrefix("need localmount\nbefore net\n"))
        #expect(boot.output.hasSuffix("generation 1 is loaded\nended 0\n"))
        #expect(try await boot.digest() == digest)
    }

    /// What Void's stage 1 does.
    @Test(arguments: Software.runit.backends)
    func theScriptOfRunitLoadsIt(_ backend: BackendKind) async throws {
        let host = try PersistentHost([.runit])
        let (_, digest) = try await host.confirm(Self.lines, backend)
        try await host.enable()
        let stage =
            "msg() { echo \"=> $*\"; }; msg_warn() { echo \"WARNING: $*\"; };"
            + "for f in /etc/runit/core-services/*.sh; do [ -r $f ] && . $f; done; echo on"
        let boot = try await host.boot(stage)
        #expect(boot.output == "=> Loading sysctl\n=> Loading the firewall...\ngeneration 1 is loaded\non\n")
        #expect(try await boot.digest() == digest)
    }

    /// What `iptables.init start` does with each file (iptables-services).
    @Test(arguments: IptablesVariant.allCases, [false, true])
    func theFilesOfRHELLoadIt(_ variant: IptablesVariant, usesIpset: Bool) async throws {
        let host = try PersistentHost([.iptablesServices])
        let backend = BackendKind(variant)
        _ = try await host.confirm(Self.lines, backend, usesIpset: usesIpset)
        // Ours is the same without sets, for no service of theirs brings them.
        let plain = try PersistentHost([.iptablesServices])
        let (_, digest) = try await plain.confirm(Self.lines, backend, usesIpset: false)
        try await host.enable()
        let boot = try await host.boot(
            "iptables-\(variant.rawValue)-restore /etc/sysconfig/iptables && "
                + "ip6tables-\(variant.rawValue)-restore /etc/sysconfig/ip6tables"
        )
        #expect(try await boot.digest() == digest)
    }

    /// The line comes after the person's own `flush ruleset`, and their table is loaded too.
    @Test func theServiceOfNftablesLoadsIt() async throws {
        let host = try PersistentHost([.nftables])
        try host.write("/etc/nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\ntable inet mine { }\n")
        let (_, digest) = try await host.confirm(Self.lines, .nftables)
        try await host.enable()
        let boot = try await host.boot(
            "nft -f /etc/nftables.conf && nft -f /etc/nftables.conf && nft list tables"
        )
        #expect(boot.output == "table inet mine\ntable inet wallwright\n")
        #expect(try await boot.digest() == digest)
    }

    @Test(arguments: Software.allCases)
    func whatWasNeverConfirmedIsNotLoaded(_ way: Software) async throws {
        let host = try PersistentHost([way])
        let (_, digest) = try await host.confirm(Self.lines, way.backends[0], usesIpset: false)
        try await host.enable()
        let state = try StateFolder.make(at: host.state)
        try await host.confirm("inbound:\n  - allow: any\n", way.backends[0])
        _ = try state.rename("generations/2/confirmed", to: "generations/2/pending")
        let boot = try await host.boot(Self.command(of: way, host))
        #expect(try await boot.digest() == digest)
    }

    static func command(of way: Software, _ host: PersistentHost) throws -> String {
        switch way {
        case .systemd: try host.unit("wallwright.service", "ExecStart")
        case .openrc: ". /etc/init.d/wallwright; ebegin() { :; }; eend() { return $1; }; start"
        case .runit: "msg() { :; }; msg_warn() { :; }; . /etc/runit/core-services/09-wallwright.sh"
        case .netfilterPersistent: "/usr/share/netfilter-persistent/plugins.d/50-wallwright start"
        case .iptablesServices:
            "iptables-nft-restore /etc/sysconfig/iptables && ip6tables-nft-restore /etc/sysconfig/ip6tables"
        case .nftables: "nft -f /etc/nftables.conf"
        }
    }
}
