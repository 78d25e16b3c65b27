import Diagnostics
import PacketModel
import Testing

@testable import Iptables

/// What differs between the releases of iptables: each difference is a case, which the oracle asks the installed tools too
/// (`Rules/releases.txt`).
struct ReleaseTests {
    struct Difference: Sendable, CustomTestStringConvertible {
        var line: String
        var family = IPFamily.ipv4
        var table = "filter"
        /// The first release that reads or prints it differently.
        var since = IptablesRelease.v1_8_11
        /// Nil when it is refused.
        var before: String?
        var after: String?

        var testDescription: String { line }
    }

    private static let differences: [Difference] = [
        Difference(line: "-ptcp", since: .v1_8_10, before: nil, after: "-p tcp"),
        Difference(line: "--src=192.0.2.1", since: .v1_8_10, before: nil, after: "-s 192.0.2.1/32"),
        Difference(
            line: "-p tcp -m tcp -m tcp --dport 3",
            since: .v1_8_10,
            before: "-p tcp -m tcp -m tcp --dport 3",
            after: "-p tcp -m tcp --dport 3"
        ),
        Difference(line: "-p gre", before: "-p gre", after: "-p 47"),
        Difference(line: "-p igmp", before: "-p igmp", after: "-p 2"),
        Difference(line: "-p ospf", family: .ipv6, before: "-p ospf", after: "-p 89"),
        Difference(line: "-p ah -m ah --ahspi 9:5", before: "-p ah -m ah --ahspi 9:5", after: nil),
        Difference(line: "-p esp -m esp --espspi 9:5", before: "-p esp -m esp --espspi 9:5", after: nil),
        Difference(line: "-m frag --fragid 9:5", family: .ipv6, before: "-m frag --fragid 9:5", after: nil),
        Difference(
            line: "-m rt --rt-segsleft 9:5",
            family: .ipv6,
            before: "-m rt --rt-segsleft 9:5",
            after: nil
        ),
        Difference(line: "-p udp --dport 90:80", before: "-p udp -m udp --dport 90:80", after: nil),
        Difference(line: "-p dccp --sport 4:3", before: "-p dccp -m dccp --sport 4:3", after: nil),
        Difference(line: "-m length --length 9:5", before: "-m length --length 9:5", after: nil),
        Difference(line: "-m conntrack --ctexpire 9:5", before: "-m conntrack --ctexpire 9:5", after: nil),
        Difference(
            line: "-m conntrack --ctorigdstport 9:5",
            before: "-m conntrack --ctorigdstport 9:5",
            after: nil
        ),
        Difference(
            line: "-m conntrack --ctproto 0",
            since: .v1_8_10,
            before: "-m conntrack --ctproto 0",
            after: nil
        ),
        Difference(line: "-p tcp ! --dport :", before: "-p tcp", after: "-p tcp -m tcp ! --dport 0:65535"),
        Difference(line: "-p udp ! --sport :", before: "-p udp", after: "-p udp -m udp ! --sport 0:65535"),
        Difference(
            line: "-p ah -m ah ! --ahspi :",
            before: "-p ah -m ah",
            after: "-p ah -m ah ! --ahspi 0:4294967295"
        ),
        Difference(
            line: "-p mh -m mh ! --mh-type :",
            family: .ipv6,
            before: "-p mobility-header -m mh",
            after: "-p mobility-header -m mh ! --mh-type 0:255"
        ),
        Difference(
            line: "-p icmp --icmp-type 255/0",
            since: .v1_8_10,
            before: "-p icmp -m icmp --icmp-type any",
            after: "-p icmp -m icmp --icmp-type 255/0"
        ),
        Difference(
            line: "-p icmpv6 --icmpv6-type mld-listener-report",
            family: .ipv6,
            since: .v1_8_10,
            before: nil,
            after: "-p ipv6-icmp -m icmp6 --icmpv6-type 131"
        ),
        Difference(
            line: "-m conntrack --ctorigsrc 1.2.3.4/255.0.255.0",
            before: "-m conntrack --ctorigsrc 1.2.3.4",
            after: "-m conntrack --ctorigsrc 1.2.3.4/255.0.255.0"
        ),
        Difference(
            line: "-m conntrack --ctorigsrc fe80::1/ffff:0:ffff::",
            family: .ipv6,
            before: "-m conntrack --ctorigsrc fe80::1",
            after: "-m conntrack --ctorigsrc fe80::1/ffff:0:ffff::"
        ),
        Difference(
            line: "-m policy --dir in --tunnel-src 10.0.0.0/255.0.255.0 --mode tunnel",
            before: "-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.0",
            after: "-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.0/255.0.255.0"
        ),
        Difference(
            line: "-j NETMAP --to 1.2.3.4/255.0.255.0",
            table: "nat",
            before: "-j NETMAP --to 1.2.3.4/32",
            after: "-j NETMAP --to 1.0.3.0/255.0.255.0"
        ),
        Difference(
            line: "-j HMARK --hmark-src-prefix 255.0.255.0 --hmark-rnd 0 --hmark-mod 1",
            before: "-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000000 --hmark-mod 1",
            after: "-j HMARK --hmark-src-prefix -1 --hmark-rnd 0x00000000 --hmark-mod 1"
        ),
        Difference(
            line: "-m connlimit --connlimit-above 10 --connlimit-mask 255.0.255.0",
            before: "-m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr",
            after: "-m connlimit --connlimit-above 10 --connlimit-mask 8 --connlimit-saddr"
        ),
        Difference(
            line: "-j NFQUEUE --queue-balance 3:",
            before: "-j NFQUEUE --queue-balance 3:65535",
            after: "-j NFQUEUE --queue-balance 3:65534"
        ),
        Difference(
            line: "-m recent --rcheck --seconds 4294967295",
            before: "-m recent --rcheck --seconds -1 --name DEFAULT --mask 255.255.255.255 --rsource",
            after: "-m recent --rcheck --seconds 4294967295 --name DEFAULT --mask 255.255.255.255 --rsource"
        ),
    ]

    @Test(arguments: differences)
    func `each release reads and prints in its own words`(difference: Difference) {
        for release in IptablesRelease.allCases {
            var names = NameDatabase(
                services: "",
                protocols: "ipv6-icmp 58\nigmp 2\ngre 47\nospf 89\nmobility-header 135\ndccp 33\n"
            )
            names.release = release
            let chain = difference.table == "nat" ? "PREROUTING" : "INPUT"
            let text = "*\(difference.table)\n-A \(chain) \(difference.line)\nCOMMIT\n"
            let wanted = release < difference.since ? difference.before : difference.after
            #expect(
                Oracle.ours(file: text, difference.family, names).rule
                    == (wanted.map { .printed("-A \(chain) \($0)") } ?? .refused),
                "\(release.rawValue)"
            )
        }
    }

    @Test(arguments: [
        ("iptables v1.8.11 (nf_tables)\n", IptablesRelease.v1_8_11), ("iptables v1.8.9 (legacy)", .v1_8_9),
        ("iptables v1.8.10 (nf_tables)", .v1_8_10), ("iptables v1.8.7 (nf_tables)", .v1_8_9),
        ("iptables v1.9 (nf_tables)", .v1_8_11), ("iptables v1.8.11-rc1", .v1_8_11),
    ])
    func `the version of the host is that release or the one before it`(
        answer: String,
        release: IptablesRelease
    ) {
        #expect(IptablesRelease(answer: answer) == release)
    }

    @Test(arguments: ["", "iptables", "vim", "bash: iptables: not found"])
    func `what names no version is no release`(answer: String) {
        #expect(IptablesRelease(answer: answer) == nil)
    }
}
