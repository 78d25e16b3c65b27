import Compiler
import Diagnostics
import Kernel
import Testing

@testable import Deployment

/// The checks of others who keep a firewall on the host.
@Suite struct PreflightManagerTests {
    @Test(
        arguments: [
            ("ENABLED=yes\nLOGLEVEL=low\n", true), ("# ENABLED=yes\nENABLED=no\n", false),
            ("ENABLED=no\nENABLED=\"YES\" # now\n", true), ("", false),
        ]
    )
    func ufwIsOnWhereItsFileSaysSo(_ text: String, isOn: Bool) async throws {
        let sample = try PreflightSample()
        try sample.write("/etc/ufw/ufw.conf", text)
        let said = await UfwCheck(reading: sample.host()).diagnostics
        #expect(said.map(\.severity) == (isOn ? [.warning] : []))
        #expect(said.map(\.fix) == (isOn ? ["run `ufw disable` once the policy is confirmed"] : []))
    }

    @Test func whatUfwFlushesConcernsIptablesOnly() async throws {
        let sample = try PreflightSample()
        try sample.write("/etc/ufw/ufw.conf", "ENABLED=yes\n")
        try sample.write("/etc/default/ufw", "MANAGE_BUILTINS=yes\n")
        for backend in PreflightRequest.Backend.all {
            let notes = await UfwCheck(reading: sample.host(backend)).diagnostics.flatMap(\.notes)
            #expect(notes.contains { $0.contains("MANAGE_BUILTINS") } == (backend != .nftables))
        }
    }

    @Test(
        arguments: [
            (["/run/firewalld.pid": "812\n", "/proc/812/comm": "firewalld\n"], "firewalld runs too"),
            (["/run/firewalld.pid": "812\n"], nil),
            (["/sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs": "812\n"], "firewalld runs too"),
            (["/sys/fs/cgroup/systemd/system.slice/firewalld.service/tasks": "812\n"], "firewalld runs too"),
            (
                ["/etc/systemd/system/multi-user.target.wants/firewalld.service": ""],
                "starts at the next boot"
            ),
            (["/etc/systemd/system/multi-user.target.wants/cron.service": ""], nil),
        ] as [([String: String], String?)]
    )
    func firewalldIsFoundByItsProcess(_ files: [String: String], message: String?) async throws {
        let sample = try PreflightSample()
        for (path, text) in files { try sample.write(path, text) }
        let said = await FirewalldCheck(reading: sample.host()).diagnostics
        #expect(said.count == (message == nil ? 0 : 1))
        if let message { #expect(said.first?.message.contains(message) == true) }
    }

    @Test func aMaskedServiceDoesNotStart() async throws {
        let sample = try PreflightSample()
        try sample.enable("firewalld")
        #expect(await sample.host().isEnabled("firewalld"))
        try sample.mask("firewalld")
        #expect(await !sample.host().isEnabled("firewalld"))
    }

    @Test func firewalldOverIptablesEmptiesTheTables() async throws {
        let sample = try PreflightSample()
        try sample.enable("firewalld")
        try sample.write("/etc/firewalld/firewalld.conf", "DefaultZone=public\nFirewallBackend=iptables\n")
        let notes = await FirewalldCheck(reading: sample.host(.iptables(.nft))).diagnostics.flatMap(\.notes)
        #expect(notes.contains { $0.contains("firewall-cmd --reload") })
    }

    @Test(
        arguments: [
            ("#!/usr/sbin/nft -f\n\nflush ruleset\n", true), ("flush  ruleset; table ip a {}\n", true),
            ("table ip a {}; flush ruleset\n", true), ("# flush ruleset\ntable ip a {\n}\n", false),
            ("flush table inet filter\n", false), ("flush ruleset inet\n", true), ("", false),
        ]
    )
    func aFileForNftFlushesEverythingOrNot(_ text: String, flushes: Bool) {
        #expect(NftablesServiceCheck.flushes(text) == flushes)
    }

    @Test func theServiceOfNftablesIsNeverToBeStopped() async throws {
        let sample = try PreflightSample()
        try sample.write("/etc/nftables.conf", "flush ruleset\n")
        #expect(await NftablesServiceCheck(reading: sample.host()).diagnostics.isEmpty)
        try sample.enable("nftables")
        for backend in PreflightRequest.Backend.all {
            let said = await NftablesServiceCheck(reading: sample.host(backend)).diagnostics
            #expect(said.map(\.severity) == [.warning])
            #expect(said.map(\.fix) == ["run `systemctl disable nftables`, without --now"])
            let flushes = said.flatMap(\.notes).contains {
                $0.hasPrefix("/etc/nftables.conf says `flush ruleset`")
            }
            #expect(flushes == (backend != .iptables(.legacy)))
        }
    }

    @Test func csfIsOnUnlessItWasSwitchedOff() async throws {
        let sample = try PreflightSample()
        #expect(await CsfCheck(reading: sample.host()).diagnostics.isEmpty)
        try sample.write("/etc/csf/csf.conf", "# csf\nTESTING = \"1\"\nTESTING_INTERVAL = \"5\"\n")
        let said = await CsfCheck(reading: sample.host()).diagnostics
        #expect(said.map(\.fix) == ["run `csf -x` once the policy is confirmed"])
        #expect(said.flatMap(\.notes).contains { $0.hasPrefix("TESTING is 1") })
        let shared = await CsfCheck(reading: sample.host(.iptables(.nft))).diagnostics
        #expect(shared.first?.fix?.words.hasPrefix("run `csf -x` before the apply") == true)
        try sample.write("/etc/csf/csf.disable", "")
        #expect(await CsfCheck(reading: sample.host()).diagnostics.isEmpty)
    }

    /// What was just saved is not to be thrown away: the service that loads it stays.
    @Test func whatSaveWroteIsNotAdvisedAway() async throws {
        let sample = try PreflightSample()
        try sample.enable("netfilter-persistent")
        try sample.write("/etc/iptables/rules.v4", RuleSaving.header + "*filter\nCOMMIT\n")
        for backend in PreflightRequest.Backend.all {
            let said = await SavedRulesServiceCheck(reading: sample.host(backend)).diagnostics
            #expect(said.map(\.severity) == [.note])
            #expect(said.allSatisfy { $0.fix?.words.contains("disable") != true })
        }
    }

    /// Stopping it takes the rules of others away: no advice does that.
    @Test func firewalldIsNeverToBeStopped() async throws {
        let sample = try PreflightSample()
        try sample.enable("firewalld")
        let said = await FirewalldCheck(reading: sample.host()).diagnostics
        #expect(
            said.map(\.fix) == [
                "run `systemctl disable firewalld` once the policy is confirmed, without --now"
            ]
        )
        #expect(said.flatMap(\.notes).contains { $0.hasPrefix("stopping it takes rules of Docker, libvirt") })
    }

    @Test func savedRulesThatHoldOursAreNamed() async throws {
        let sample = try PreflightSample()
        try sample.enable("netfilter-persistent")
        try sample.enable("ip6tables")
        try sample.write("/etc/iptables/rules.v4", "*filter\n:WALLWRIGHT-INPUT - [0:0]\nCOMMIT\n")
        try sample.write("/etc/iptables/rules.v6", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n")
        let said = await SavedRulesServiceCheck(reading: sample.host(.iptables(.nft))).diagnostics
        #expect(
            said.map(\.code) == ["preflight.manager.netfilter-persistent", "preflight.manager.ip6tables"]
        )
        #expect(said[0].notes.count == 3)
        #expect(said[0].notes[2].hasPrefix("/etc/iptables/rules.v4 has older copies of our chains"))
        #expect(said[1].notes[0] == "it has no rules yet")
    }
}
