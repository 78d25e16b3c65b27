import Compiler
import Kernel
import TestSupport
import Testing

@testable import Deployment

/// Debian's own program runs our plug-in beside its others.
@Suite(.needsRoot, .needsDebianPackages) struct NetfilterPersistentTests {
    private static let program = "/usr/sbin/netfilter-persistent"

    private func host() async throws -> PersistentHost {
        let host = try PersistentHost([])
        try await DebianPackages.install(in: host)
        return host
    }

    @Test(arguments: Software.netfilterPersistent.backends, ["start", "reload"])
    func itLoadsWhatIsConfirmed(_ backend: BackendKind, _ word: String) async throws {
        let host = try await host()
        let (_, digest) = try await host.confirm(RebootTests.lines, backend)
        let before = try host.tree()
        #expect(try await host.enable().way == "netfilter-persistent")
        let boot = try await host.boot("\(Self.program) \(word) 2>&1")
        #expect(boot.output.contains("plugins.d/50-wallwright \(word == "reload" ? "start" : word)"))
        #expect(try await boot.digest() == digest)
        _ = try await host.persistence().disable()
        #expect(try host.tree().filter { before[$0.key] != nil } == before)
    }

    /// What was saved with ours in it comes back as it once was, and then ours as it is now.
    @Test(arguments: Software.netfilterPersistent.backends)
    func rulesThatWereSavedWithOursDoNotStay(_ backend: BackendKind) async throws {
        let host = try await host()
        let (_, old) = try await host.confirm(
            "inbound:\n  - allow: telnet\n    from: [192.0.2.1, 192.0.2.9]\n",
            backend
        )
        try await host.enable()
        try host.write("/etc/iptables/.keep", "")
        let first = try await host.boot("\(Self.program) start && \(Self.program) save")
        #expect(try await first.digest() == old)
        let (_, new) = try await host.confirm(RebootTests.lines, backend)
        let boot = try await host.boot("\(Self.program) start 2>&1")
        #expect(try await boot.digest() == new)
    }

    /// Debian's others empty the tables of iptables; what is of nftables stays, and ours says how it goes.
    @Test func flushLeavesOurTable() async throws {
        let host = try await host()
        let (_, digest) = try await host.confirm(RebootTests.lines, .nftables)
        try await host.enable()
        let boot = try await host.boot("\(Self.program) start && \(Self.program) flush 2>&1")
        #expect(boot.output.contains("wallwright remove takes it away"))
        #expect(try await boot.digest() == digest)
    }

    /// Where systemd starts it, the watch is a unit of its own: one that a plug-in starts would wait for the boot.
    @Test func systemdGetsTheWatchAsAUnit() async throws {
        let host = try await host()
        try Software.systemd.install(in: host)
        try await host.confirm(RebootTests.lines, .nftables)
        try await host.enable("netfilter-persistent")
        #expect(
            try host.text("/usr/share/netfilter-persistent/plugins.d/50-wallwright").contains(
                "--without-watch"
            )
        )
        #expect(try host.unit("wallwright-watch.service", "ExecStart").contains(" watch --worker --state "))
        let link = "/etc/systemd/system/multi-user.target.wants/netfilter-persistent.service"
        #expect(
            try HostFiles(root: host.root).link(at: link)?.hasSuffix("system/netfilter-persistent.service")
                == true
        )
    }
}
