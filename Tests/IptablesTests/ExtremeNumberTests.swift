import Diagnostics
import Netfilter
import PacketModel
import Shell
import Simulation
import TestSupport
import Testing

@testable import Iptables

/// No number in rules, scripts, sets or packets ends the program.
@Suite struct ExtremeNumberTests {
    private static let names = NameDatabase(services: "ssh 22/tcp\n", protocols: "tcp 6\nudp 17\n")

    static let scripts = [
        "for i in {1..3} {3..1..2} {01..10..5} {a..e..2}; do iptables -A INPUT -p tcp --dport $i -j ACCEPT; done",
        "for i in $(seq 1 3) $(seq 1 2 5) $(seq 5 -1 1); do iptables -A INPUT -p tcp --dport $i -j ACCEPT; done",
        "set -- a b c; shift 1; x=abcdef; iptables -N \"${x:1:2}${x: -2:1}${@:1:2}${@:2}${3}$2\"; break 1; exit 1",
        "echo $((1+2*3/4%5-6)) $((1<<2)) $((1>>2)) $((~1)) $((-1)) $((1/-1)) $((7%-1)) $((x++ + 5)) $((1?2:3))",
        "A=(1 2 3); A[1]=2; echo ${A[1]} ${A[@]:1:1} ${#A[1]}; printf '%5d %05x %c\\n' 1 2 3; return 1",
        "shift 1; shift 2; echo $1 ${10} ${99}; [ 1 -lt 2 ] && [[ 3 -gt 4 ]]; (( 1 << 2 )); let x=1+2; sleep 1",
        "iptables -I INPUT 1 -j ACCEPT; iptables -D INPUT 1; iptables -R INPUT 1 -j DROP; iptables -c 1 2 -A INPUT",
        "ipset create s bitmap:ip range 10.0.0.0-10.0.0.255 timeout 5; ipset add s 10.0.0.1 timeout 5",
        "ipset create s bitmap:port range 1-100; ipset add s 5-7; ipset create t hash:net hashsize 64 maxelem 10",
        "ipset create s hash:ip,port,net netmask 24; ipset add s 10.0.0.1,tcp:22-25,10.0.0.0/8; ipset test s 1",
        "iptables-restore <<E\n*filter\n:INPUT ACCEPT [1:2]\n[3:4] -A INPUT -j ACCEPT\nCOMMIT\nE\n",
    ]

    @Test(arguments: scripts) func aScriptIsFollowedToAnEnd(_ script: String) {
        for text in ExtremeNumbers.texts(of: script, random: 20, seed: 1) {
            let reading = ScriptReading.read(SourceFile(name: "s", text: text), names: Self.names)
            for outcome in reading.outcomes.prefix(1) { _ = outcome.ruleset(.ipv4).text(names: Self.names) }
        }
    }

    @Test(arguments: IPFamily.allCases)
    func aSaveFileIsReadAndExplained(_ family: IPFamily) {
        let packet = "tcp in eth0 time 5"
        for syntax in ExtensionRegistry.all where syntax.families.contains(family) {
            let chain = syntax.hooks.flatMap { hooks in BuiltInChain.allCases.first(where: hooks.contains) }
            for example in syntax.examples {
                let option = syntax.protocols.map { " " + $0.text } ?? ""
                let own = example.contains("-p ") ? "" : option
                let rule = "[1:2] -A \((chain ?? .input).rawValue)\(own) \(example)"
                for text in ExtremeNumbers.texts(of: rule, random: 1, seed: 2) {
                    check("*filter\n\(text)\nCOMMIT\n", family, packet)
                    check("*mangle\n\(text)\nCOMMIT\n", family, packet)
                }
            }
        }
    }

    private func check(_ text: String, _ family: IPFamily, _ packet: String) {
        let source = SourceFile(name: "rules", text: text)
        let (file, errors) = SaveFileReader.read(source, family: family, names: Self.names)
        let (ruleset, more) = LoadedRuleset.load(file, from: source, family: family)
        guard !(errors + more).hasErrors else { return }
        _ = ruleset.text(names: Self.names, counters: true)
        var explainer = RulesetExplainer(ruleset, knowing: Ipsets(), from: source, names: Self.names)
        if let packet = try? PacketText.read(packet) { _ = explainer.explain(packet) }
    }

    static let packets = [
        "tcp 198.51.100.7:40000 > 192.0.2.2:22 in eth0 length 60 ttl 64 dscp 0 mark 1 user 5 group 6 time 7.5",
        "icmp type 8 code 0 > 192.0.2.2 in eth0 out eth1 time 2026-12-04T09:30",
        "protocol 47 mac 02:00:00:00:00:01",
        "udp [2001:db8::1]:53 > [2001:db8::2]:53 out eth0 mark 0x1/0x2 flags syn,ack",
    ]

    @Test(arguments: packets) func aPacketIsReadOrRefused(_ packet: String) throws {
        let json =
            "{\"protocol\":6,\"source\":\"192.0.2.5\",\"sourcePort\":1,\"destinationPort\":3306,\"ttl\":5,"
            + "\"length\":60,\"mark\":7,\"time\":1.5,\"user\":1,\"icmpType\":3,\"dscp\":4}"
        for text in ExtremeNumbers.texts(of: packet, random: 200, seed: 3) {
            _ = try? PacketText.read(text).completed
        }
        for text in ExtremeNumbers.texts(of: json, random: 200, seed: 4) {
            let bytes = Array(text.utf8)
            var scanner = PacketScanner(bytes)
            _ = try? scanner.read(0..<bytes.count).completed
        }
    }
}
