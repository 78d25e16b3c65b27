import Diagnostics
import Foundation
import PacketModel
import Shell
import TestSupport
import Testing

@testable import Iptables

@Suite struct ScriptReadingTests {
    private static let names = NameDatabase(
        services: "ssh 22/tcp\n",
        protocols: "tcp 6 TCP\nudp 17 UDP\nicmp 1 ICMP\n"
    )

    private static func read(_ text: String) -> ScriptReading {
        ScriptReading.read(SourceFile(name: "fw.sh", text: text), names: names)
    }

    private static func rules(_ outcome: ScriptOutcome, _ family: IPFamily = .ipv4) -> [String] {
        String(decoding: outcome.ruleset(family).text(names: names), as: UTF8.self)
            .split(separator: "\n").map(String.init).filter { $0.hasPrefix("-A") }
    }

    @Test func `commands have their place, their words and what they change`() throws {
        let reading = Self.read(
            "IPT=iptables\nfor p in 22 80; do\n  $IPT -A INPUT -p tcp --dport $p -j ACCEPT\ndone\nip6tables -P INPUT DROP\n"
        )
        let commands = reading.outcomes[0].commands
        #expect(
            commands.map(\.text) == [
                "iptables -A INPUT -p tcp --dport 22 -j ACCEPT",
                "iptables -A INPUT -p tcp --dport 80 -j ACCEPT",
                "ip6tables -P INPUT DROP",
            ]
        )
        #expect(commands.map { reading.source.position(of: $0.range.start).line } == [3, 3, 5])
        #expect(commands.map(\.family) == [.ipv4, .ipv4, .ipv6])
        let input = try #require(reading.outcomes[0].ruleset(.ipv4).tables[.filter]?.chains["INPUT"])
        #expect(input.rules.map { reading.source.position(of: $0.range.start).line } == [3, 3])
        #expect(reading.diagnostics.isEmpty)
    }

    @Test func `rules of a here-document stand where its lines stand`() throws {
        let reading = Self.read(
            "X=1\niptables-restore <<'E'\n*filter\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\nE\n"
        )
        let input = try #require(reading.outcomes[0].ruleset(.ipv4).tables[.filter]?.chains["INPUT"])
        #expect(input.rules.map { reading.source.position(of: $0.range.start).line } == [4, 5])
        let wrong = Self.read("iptables-restore <<'E'\n*filter\n-A INPUT -j NONE\nCOMMIT\nE\n")
        let place = try #require(wrong.diagnostics.first?.primary)
        #expect(wrong.source.position(of: place.range.start).line == 3)
    }

    @Test func `a rule with unknown words is kept at its place`() throws {
        let reading = Self.read(
            "iptables -A INPUT -i lo -j ACCEPT\niptables -A INPUT -s $ADMIN -p tcp --dport 22 -j ACCEPT\niptables -I INPUT 2 -d $(dig +short me) -j LOG\n"
        )
        let outcome = reading.outcomes[0]
        #expect(
            Self.rules(outcome) == [
                "-A INPUT -i lo -j ACCEPT", "-A INPUT -d '$(dig +short me)' -j LOG",
                "-A INPUT -s $ADMIN -p tcp --dport 22 -j ACCEPT",
            ]
        )
        let rules = try #require(outcome.ruleset(.ipv4).tables[.filter]?.chains["INPUT"]?.rules)
        #expect(rules[2].action == .accept)
        #expect(rules[2].unknown?.unknowns == ["$ADMIN"])
        #expect(rules[1].unknown?.target == nil)
        #expect(reading.diagnostics.map(\.code).filter { $0 == "iptables.rule.open" }.count == 2)
        #expect(!reading.diagnostics.hasErrors)
    }

    @Test(arguments: [
        "iptables -P $CHAIN DROP", "iptables -A $CHAIN -j DROP", "iptables -t $T -A INPUT",
        "ipt -A INPUT -j DROP", "program | xargs iptables -A INPUT -p tcp -j ACCEPT --dport",
        "$TOOL -A INPUT -j DROP", "iptables-restore < /etc/rules", "cat /etc/rules | iptables-restore",
        "iptables-restore",
    ])
    func `what nobody can tell the effect of is an error`(command: String) {
        #expect(Self.read(command + "\n").diagnostics.hasErrors)
    }

    @Test(arguments: [
        ("[ \"$1\" = stop ] && exit\niptables -A INPUT -j DROP", ["-A INPUT -j DROP"]),
        (
            "[ -z \"$NET\" ] && NET=10.0.0.0/8\niptables -A INPUT -s $NET -j DROP",
            ["-A INPUT -s 10.0.0.0/8 -j DROP"]
        ),
        ("I=$(command -v iptables || echo /sbin/iptables)\n$I -A INPUT -j DROP", ["-A INPUT -j DROP"]),
        ("iptables -C INPUT -s $X -j DROP || iptables -A INPUT -j DROP", ["-A INPUT -j DROP"]),
        (
            "while iptables -D INPUT -s $1 -j DROP; do :; done\niptables -A INPUT -j DROP",
            ["-A INPUT -j DROP"]
        ),
        ("while true; do iptables -F; iptables -A INPUT -j DROP; sleep 9; done", ["-A INPUT -j DROP"]),
        ("while :; do ping -c1 a && break; sleep 1; done\niptables -A INPUT -j DROP", ["-A INPUT -j DROP"]),
        (
            "while true; do x=$(next); [ -n \"$x\" ] || break; iptables -A INPUT -j LOG; done",
            ["-A INPUT -j LOG"]
        ),
        (
            "for h in 10.0.0.1 tcp,22; do if echo $h | grep -q ,; then iptables -A INPUT -p ${h%,*} -j DROP; else iptables -A INPUT -s $h -j DROP; fi; done",
            ["-A INPUT -s 10.0.0.1/32 -j DROP", "-A INPUT -p tcp -j DROP"]
        ),
        (
            "iptables -A INPUT -i lo\niptables -A INPUT -j DROP\niptables-save | grep -v lo | iptables-restore",
            ["-A INPUT -j DROP"]
        ),
        ("printf -v p %d 22\niptables -A INPUT -p tcp --dport $p", ["-A INPUT -p tcp -m tcp --dport 22"]),
        ("iptables -A INPUT -p $(basename /etc/tcp.d .d) -j DROP", ["-A INPUT -p tcp -j DROP"]),
        (
            "echo 22 80 | xargs -n1 iptables -A INPUT -p tcp --dport",
            ["-A INPUT -p tcp -m tcp --dport 22", "-A INPUT -p tcp -m tcp --dport 80"]
        ),
        (
            "cat > /tmp/r.$$ <<E\n*filter\n-A INPUT -i lo -j ACCEPT\nCOMMIT\nE\niptables-restore /tmp/r.$$",
            ["-A INPUT -i lo -j ACCEPT"]
        ),
        (
            "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\niptables-save -f /tmp/x; iptables -F; iptables-restore < /tmp/x",
            ["-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"]
        ),
        (
            "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\nif iptables -S INPUT | grep -q -- '--dport 22 '; then iptables -A INPUT -i yes; fi",
            ["-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "-A INPUT -i yes"]
        ),
        (
            "iptables -N A; iptables -nL A | grep -q 'Chain A (0 ref' && iptables -A A -i a\niptables -S A | sed -n 's/^-A/-D/p' | xargs -L1 iptables\niptables -A INPUT -j A",
            ["-A INPUT -j A"]
        ),
        (
            "for n in $(iptables -nL INPUT --line-numbers | awk '/DROP/ {print $1}'); do iptables -D INPUT $n; done; iptables-save -t nat | grep 127 || iptables -A INPUT -i none",
            ["-A INPUT -i none"]
        ),
        (
            "open() { local -n ports=$1; local p; for p in \"${ports[@]}\"; do iptables -A INPUT -p tcp --dport $p; done; }\nWEB=(80 443); open WEB",
            ["-A INPUT -p tcp -m tcp --dport 80", "-A INPUT -p tcp -m tcp --dport 443"]
        ),
        ("trap 'iptables -A INPUT -j DROP' ERR\nfalse", ["-A INPUT -j DROP"]),
        (
            "select i in eth0 eth1; do iptables -A INPUT -i $i; break; done",
            ["-A INPUT -i eth0"]
        ),
        (
            "shopt -s extglob\nfor w in 22 tcp/80 x; do case $w in +([0-9])) iptables -A INPUT -p tcp --dport $w;; @(tcp|udp)/+([0-9])) iptables -A INPUT -p ${w%/*} --dport ${w#*/};; esac; done",
            ["-A INPUT -p tcp -m tcp --dport 22", "-A INPUT -p tcp -m tcp --dport 80"]
        ),
        (
            "iptables -N B\niptables -A B -s 192.0.2.1 -j DROP\niptables -L B -v -n -x | grep -q 192.0.2.1 || iptables -A B -i no\niptables -nvL | grep -q 'Chain FORWARD (policy ACCEPT' && iptables -A INPUT -i yes",
            ["-A INPUT -i yes", "-A B -s 192.0.2.1/32 -j DROP"]
        ),
    ])
    func `the first outcome is the one that tells most`(script: String, rules: [String]) {
        let reading = Self.read(script + "\n")
        #expect(Self.rules(reading.outcomes[0]) == rules)
        #expect(!reading.diagnostics.hasErrors, "\(reading.diagnostics.map(\.message))")
    }

    @Test(arguments: [
        "while true; do sleep 9; done\n", ". /etc/firewall.conf\n",
        "source \"$CONF\"\n",
    ])
    func `what is not followed is told`(script: String) {
        #expect(Self.read(script).diagnostics.map(\.severity) == [.warning])
    }

    /// A file that nobody knows may make rules, but for those that all hosts have; a name with a blank in it is no program.
    @Test(arguments: [
        (". /etc/firewall.conf", true), ("[ -f /etc/x ] && source /etc/x", true), (". \"$1\"", true),
        (". /lib/lsb/init-functions", false), ("[ -r /etc/os-release ] && . /etc/os-release", false),
        ("echo 'X=1' > x; . ./x", false), ("/etc/init.d/iptables save", false),
        ("/etc/init.d/iptables restart", true), ("IFS=; I='iptables -w'; $I -A INPUT -j DROP", false),
    ])
    func `what a sourced file does is open`(script: String, isOpen: Bool) {
        let reading = Self.read(script + "\niptables -P INPUT DROP\n")
        #expect(reading.outcomes[0].foreign(of: reading.source).isEmpty != isOpen)
        #expect(Self.rules(reading.outcomes[0]) == [])
    }

    @Test func `what is said again and again is said at its first places`() {
        let reading = Self.read(String(repeating: "iptables -A INPUT -s $X -j DROP\n", count: 6))
        #expect(reading.diagnostics.count == 3)
        #expect(reading.diagnostics.last?.notes == ["the same at line 4, 5, 6"])
    }

    @Test func `an assumption makes an outcome, and each command says what was assumed before`() {
        let reading = Self.read(
            "iptables -P INPUT DROP\nif [ -f /etc/open ]; then\n  iptables -A INPUT -j ACCEPT\nelse\n  iptables -A INPUT -i lo -j ACCEPT\nfi\n"
        )
        #expect(
            reading.outcomes.map { $0.assumptions.map(\.text) } == [["-f /etc/open"], ["not: -f /etc/open"]]
        )
        #expect(
            reading.outcomes.map { Self.rules($0) } == [["-A INPUT -j ACCEPT"], ["-A INPUT -i lo -j ACCEPT"]]
        )
        let commands = reading.outcomes[1].commands
        #expect(commands.map { reading.outcomes[1].assumptions(before: $0).count } == [0, 1])
    }

    @Test func `errors are told, unless the script looks for them`() {
        let reading = Self.read(
            "iptables -N A\niptables -N A\niptables -N A 2>/dev/null\niptables -C INPUT -j A || iptables -A INPUT -j A\niptables -A INPUT --nope\n"
        )
        #expect(reading.diagnostics.map(\.severity) == [.error, .note, .note, .error])
        #expect(
            reading.diagnostics.map { reading.source.position(of: $0.primary?.range.start ?? 0).line } == [
                2, 3, 4, 5,
            ]
        )
        #expect(reading.outcomes[0].commands.map(\.refusals.count) == [0, 1, 1, 1, 0, 1])
    }

    @Test func `settings, sets and what is not understood are listed`() {
        let reading = Self.read(
            "echo 1 > /proc/sys/net/ipv4/ip_forward\nsysctl -w net.ipv4.tcp_syncookies=1\nmodprobe nf_nat\nufw enable\n"
                + "ipset create bad hash:net -exist\nipset add bad 192.0.2.0/24\nipset restore <<E\nadd bad 198.51.100.1\nE\nipset add none 1.2.3.4\n"
        )
        let outcome = reading.outcomes[0]
        let kinds = outcome.commands.map { command in
            switch command.kind {
            case .setting(let name, let value): "\(name)=\(value)"
            case .unknown: "unknown"
            case .foreign: "foreign"
            case .ipset: "ipset"
            case .rules: "rules"
            }
        }
        #expect(
            kinds == [
                "net.ipv4.ip_forward=1", "net.ipv4.tcp_syncookies=1", "unknown", "foreign", "ipset", "ipset",
                "ipset", "ipset",
            ]
        )
        #expect(
            outcome.ipsets(of: reading.source).saved("bad").dropFirst() == [
                "add bad 192.0.2.0/24", "add bad 198.51.100.1",
            ]
        )
        #expect(
            reading.diagnostics.map(\.code) == [
                "iptables.command.unknown", "iptables.command.foreign", "iptables.ipset.unknown",
            ]
        )
    }

    @Test func `the state after each command is that of the commands before it`() {
        let reading = Self.read("iptables -A INPUT -j DROP\niptables -N A\niptables -N A\niptables -F\n")
        var counts: [Int] = []
        reading.outcomes[0].forEachState(.ipv4) { _, ruleset in
            let table = ruleset.tables[.filter]
            counts.append((table?.chains["INPUT"]?.rules.count ?? 0) * 10 + (table?.chains.count ?? 0))
        }
        #expect(counts == [13, 14, 14, 4])
    }

    @Test(arguments: [
        "[12:840] -A INPUT\n", "*filter\nCOMMIT\n", "# comment\n\n*nat\n", ":INPUT ACCEPT\n", "", "\n",
    ])
    func `save files are known by their first line`(text: String) {
        #expect(ScriptReading.isSaveFile(SourceFile(name: "x", text: text)))
    }

    @Test(arguments: [
        "[ -f x ] && . x\n", "#!/bin/sh\n-A INPUT\n", ": ${X:=1}\n", "[[ $X ]] || exit\n", "iptables -F\n",
        "IPT=x\ncat <<E\n*filter\nE\n",
    ])
    func `anything else is a script`(text: String) {
        #expect(!ScriptReading.isSaveFile(SourceFile(name: "x", text: text)))
    }

    @Test func `a damaged script is followed to an end`() {
        let seconds = ProcessInfo.processInfo.environment["WALLWRIGHT_FUZZ"].flatMap(Double.init)
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        var number = 0
        while end.map({ ContinuousClock.now < $0 }) ?? (number < 150) {
            number += 1
            follow(number)
        }
        print("fuzz of firewall scripts: \(number)")
    }

    private func follow(_ seed: Int) {
        var random = SplitMix64(state: UInt64(seed))
        let scripts = SampleScript.all
        var bytes = Array(scripts[seed % scripts.count].text.utf8)
        let other = scripts.randomElement(using: &random)?.text.split(separator: "\n").map { "\($0)\n" } ?? []
        bytes.damage(Int.random(in: 1...10, using: &random), with: other, using: &random)
        var limits = ShellScript.Limits()
        limits.commands = 1_000
        limits.allCommands = 4_000
        let source = SourceFile(name: "fw.sh", bytes: bytes)
        let reading = ScriptReading.read(source, names: Self.names, limits: limits)
        #expect(!reading.outcomes.isEmpty)
        _ = TerminalRenderer(usesColour: false).render(reading.diagnostics)
    }
}
