import Iptables
import Netfilter
import PacketModel
import Testing

/// How single rules are written; each case also loads on the real tools (see ``LoadingTests``).
struct RuleCase: CustomTestStringConvertible {
    var name: String
    var family = IPFamily.ipv4
    var rule: Rule
    /// The lines, without `-A CHAIN`.
    var lines: [String]

    var testDescription: String { name }

    /// The text of a table with this rule alone.
    func file() throws(Inexpressible) -> String {
        let table = Table(
            family: family == .ipv4 ? .ip : .ip6,
            name: "filter",
            chains: [Chain("TEST", rules: [rule])]
        )
        return try IptablesPrinter.restoreFile(
            Ruleset(tables: [table]),
            family: family,
            includingJumps: false
        )
    }

    static func tcp(_ more: Condition...) -> [Condition] { [.transportProtocol(.tcp)] + more }

    static func addresses(_ field: Field, _ texts: String...) -> Condition {
        let prefixes = texts.compactMap(Sample.prefix)
        return .field(field, in: IntervalSet(prefixes.map(\.interval)))
    }

    static func ports(_ ports: [ClosedRange<UInt16>]) -> IntervalSet<UInt128> {
        IntervalSet(ports.compactMap { Interval(UInt128($0.lowerBound), UInt128($0.upperBound)) })
    }

    static func interfaces(_ field: Field, _ names: String...) -> Condition {
        .interface(field, matches: names.compactMap(InterfacePattern.init))
    }

    static func bucket(
        _ count: UInt32,
        _ unit: Rate.Unit,
        burst: UInt32,
        _ key: TokenBucket.Key,
        _ name: String?
    ) -> [Condition] {
        Rate(count, per: unit).map { rate in
            [.stateful(.withinRate(TokenBucket(rate: rate, burst: burst, key: key, name: name)))]
        } ?? []
    }

    static let range = Condition.field(
        .source,
        in: IntervalSet([Interval(167_772_161, 167_772_169)].compactMap(\.self))
    )
    static let all: [RuleCase] = matches + states + targets

    private static let matches: [RuleCase] = [
        RuleCase(name: "everything", rule: Rule([], [], .drop), lines: ["-j DROP"]),
        RuleCase(name: "nothing to do", rule: Rule(tcp()), lines: ["-p tcp"]),
        RuleCase(
            name: "addresses and interfaces come first",
            rule: Rule(
                tcp(
                    .field(.destinationPort, is: 22 as UInt16),
                    interfaces(.inputInterface, "eth0"),
                    addresses(.source, "192.0.2.0/24")
                ),
                [],
                .return
            ),
            lines: ["-s 192.0.2.0/24 -i eth0 -p tcp -m tcp --dport 22 -j RETURN"]
        ),
        RuleCase(
            name: "two networks and two interfaces",
            rule: Rule(
                [
                    addresses(.source, "192.0.2.1", "10.0.0.0/8"),
                    interfaces(.outputInterface, "eth0", "wg*", "wg0"),
                ],
                [],
                .return
            ),
            lines: [
                "-s 10.0.0.0/8 -o eth0 -j RETURN", "-s 10.0.0.0/8 -o wg+ -j RETURN",
                "-s 192.0.2.1 -o eth0 -j RETURN", "-s 192.0.2.1 -o wg+ -j RETURN",
            ]
        ),
        RuleCase(
            name: "a range",
            rule: Rule([range], [], .return),
            lines: ["-m iprange --src-range 10.0.0.1-10.0.0.9 -j RETURN"]
        ),
        RuleCase(
            name: "neither of two networks",
            rule: Rule([.not(addresses(.destination, "192.0.2.1", "10.0.0.0/8"))], [], .return),
            lines: [
                "-m iprange ! --dst-range 10.0.0.0-10.255.255.255 -m iprange ! --dst-range 192.0.2.1-192.0.2.1 -j RETURN"
            ]
        ),
        RuleCase(
            name: "every address is no condition",
            rule: Rule([addresses(.source, "0.0.0.0/0")], [], .return),
            lines: ["-j RETURN"]
        ),
        RuleCase(
            name: "a pattern as long as the longest name",
            rule: Rule([interfaces(.inputInterface, "a23456789012345*")], [], .drop),
            lines: ["-i a23456789012345 -j DROP"]
        ),
        RuleCase(
            name: "not an interface",
            rule: Rule([.not(interfaces(.inputInterface, "lo"))], [], .drop),
            lines: ["! -i lo -j DROP"]
        ),
        RuleCase(
            name: "sixteen ports are two lists",
            rule: Rule(
                tcp(.field(.destinationPort, in: ports((1...14).map { $0 * 2...$0 * 2 } + [80...90]))),
                [],
                .return
            ),
            lines: [
                "-p tcp -m multiport --dports 2,4,6,8,10,12,14,16,18,20,22,24,26,28 -j RETURN",
                "-p tcp -m multiport --dports 80:90 -j RETURN",
            ]
        ),
        RuleCase(
            name: "two protocols",
            rule: Rule(
                [.transportProtocol(.tcp, .udp), .field(.destinationPort, is: 53 as UInt16)],
                [],
                .return
            ),
            lines: ["-p tcp -m tcp --dport 53 -j RETURN", "-p udp -m udp --dport 53 -j RETURN"]
        ),
        RuleCase(
            name: "protocols without a name of their own",
            rule: Rule([.transportProtocol(.gre, .sctp)], [], .return),
            lines: ["-p 47 -j RETURN", "-p sctp -j RETURN"]
        ),
        RuleCase(
            name: "types of ICMP",
            rule: Rule(
                [
                    .transportProtocol(.icmp),
                    .field(.icmpTypeAndCode, in: ports([0x300...0x301, 0x800...0x8FF])),
                ],
                [],
                .return
            ),
            lines: [
                "-p icmp -m icmp --icmp-type 3/0 -j RETURN", "-p icmp -m icmp --icmp-type 3/1 -j RETURN",
                "-p icmp -m icmp --icmp-type 8 -j RETURN",
            ]
        ),
        RuleCase(
            name: "the type of ICMP whose number means any to its extension",
            rule: Rule(
                [.transportProtocol(.icmp), .field(.icmpTypeAndCode, in: ports([0xFE00...0xFFFF]))],
                [],
                .return
            ),
            lines: [
                "-p icmp -m icmp --icmp-type 254 -j RETURN",
                "-p icmp -m u32 --u32 0x0>>0x16&0x3c@0x0>>0x18=0xff -j RETURN",
            ]
        ),
        RuleCase(
            name: "a code of that type",
            rule: Rule(
                [.transportProtocol(.icmp), .field(.icmpTypeAndCode, in: ports([0xFF04...0xFF04]))],
                [],
                .return
            ),
            lines: ["-p icmp -m u32 --u32 0x0>>0x16&0x3c@0x0>>0x10=0xff04 -j RETURN"]
        ),
        RuleCase(
            name: "types of ICMPv6 with a hop limit",
            family: .ipv6,
            rule: Rule(
                [
                    .transportProtocol(.icmpv6), .field(.icmpTypeAndCode, in: ports([0x8500...0x86FF])),
                    .field(.hopLimit, is: 255 as UInt8),
                ],
                [],
                .return
            ),
            lines: [
                "-p ipv6-icmp -m icmp6 --icmpv6-type 133 -m hl --hl-eq 255 -j RETURN",
                "-p ipv6-icmp -m icmp6 --icmpv6-type 134 -m hl --hl-eq 255 -j RETURN",
            ]
        ),
        RuleCase(
            name: "a span of hop limits",
            rule: Rule([.field(.hopLimit, in: ports([2...9]))], [], .drop),
            lines: ["-m ttl --ttl-gt 1 -m ttl --ttl-lt 10 -j DROP"]
        ),
        RuleCase(
            name: "flags",
            rule: Rule(tcp(.flags([], of: .all), .not(.flags([.syn], of: [.syn, .ack]))), [], .drop),
            lines: [
                "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -m tcp ! --tcp-flags SYN,ACK SYN -j DROP"
            ]
        ),
    ]

    private static let states: [RuleCase] = [
        RuleCase(
            name: "states, status and the port asked for",
            rule: Rule(
                tcp(
                    .state(.new, .related),
                    .status(.destinationNAT),
                    .field(.connectionDirection, is: 0 as UInt8),
                    .field(.originalDestinationPort, in: ports([80...81]))
                ),
                [],
                .return
            ),
            lines: [
                "-p tcp -m conntrack --ctstate NEW,RELATED -m conntrack --ctstate DNAT --ctdir ORIGINAL "
                    + "--ctorigdstport 80:81 -j RETURN"
            ]
        ),
        RuleCase(
            name: "the address asked for, not DNATed",
            rule: Rule(
                [addresses(.originalDestination, "192.0.2.0/24"), .not(.status(.destinationNAT))],
                [],
                .drop
            ),
            lines: ["-m conntrack --ctorigdst 192.0.2.0/24 ! --ctstate DNAT -j DROP"]
        ),
        RuleCase(
            name: "expected by a helper",
            rule: Rule([.state(.related), .status(.expected)], [], .return),
            lines: ["-m conntrack --ctstate RELATED --ctstatus EXPECTED -j RETURN"]
        ),
        RuleCase(
            name: "users",
            rule: Rule([.field(.user, in: ports([0...0, 1000...2000]))], [], .return),
            lines: ["-m owner --uid-owner 0 -j RETURN", "-m owner --uid-owner 1000-2000 -j RETURN"]
        ),
        RuleCase(
            name: "until a second",
            rule: Rule([.before(CalendarTime(seconds: 1_796_083_200))], [], .return),
            lines: ["-m time --datestop 2026-11-30T23:59:59 -j RETURN"]
        ),
        RuleCase(
            name: "from a second on",
            rule: Rule([.not(.before(CalendarTime(seconds: 1_796_083_200)))], [], .return),
            lines: ["-m time --datestart 2026-12-01T00:00:00 -j RETURN"]
        ),
        RuleCase(
            name: "an address of this host",
            rule: Rule([.field(.destinationType, is: AddressType.local.rawValue)], [], .return),
            lines: ["-m addrtype --dst-type LOCAL -j RETURN"]
        ),
        RuleCase(
            name: "a bucket of the rule",
            rule: Rule(bucket(5, .minute, burst: 7, .shared, nil), [], .return),
            lines: ["-m limit --limit 5/minute --limit-burst 7 -j RETURN"]
        ),
        RuleCase(
            name: "a bucket for all",
            rule: Rule(bucket(1, .hour, burst: 2, .shared, "ww-t1"), [], .return),
            lines: [
                "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 2 --hashlimit-name ww-t1 "
                    + "--hashlimit-htable-max 65536 --hashlimit-htable-expire 7200000 -j RETURN"
            ]
        ),
        RuleCase(
            name: "a bucket for each network of sources",
            family: .ipv6,
            rule: Rule(bucket(50, .minute, burst: 50, .source(ipv6PrefixLength: 64), "ww-t2"), [], .return),
            lines: [
                "-m hashlimit --hashlimit-upto 50/minute --hashlimit-burst 50 --hashlimit-mode srcip "
                    + "--hashlimit-srcmask 64 --hashlimit-name ww-t2 --hashlimit-htable-max 65536 "
                    + "--hashlimit-htable-expire 60000 -j RETURN"
            ]
        ),
    ]

    private static let targets: [RuleCase] = [
        RuleCase(
            name: "a comment with everything that needs care",
            rule: Rule([], [], .return, comment: #"a "b" 'c' \d"# + "\n" + "é"),
            lines: [#"-m comment --comment "a \"b\" \'c\' \\d é" -j RETURN"#]
        ),
        RuleCase(
            name: "a comment that is too long is cut between characters",
            rule: Rule([], [], .return, comment: String(repeating: "é", count: 200)),
            lines: ["-m comment --comment \"\(String(repeating: "é", count: 127))\" -j RETURN"]
        ),
        RuleCase(
            name: "log and drop",
            rule: Rule(tcp(), [.counter, .log(Log(prefix: "ww: ", destination: .kernelLog(.info)))], .drop),
            lines: ["-p tcp -j LOG --log-prefix \"ww: \" --log-level 6", "-p tcp -j DROP"]
        ),
        RuleCase(
            name: "a group of listeners",
            rule: Rule([], [.log(Log(prefix: "ww: ", destination: .group(7)))]),
            lines: ["-j NFLOG --nflog-group 7 --nflog-prefix \"ww: \""]
        ),
        RuleCase(
            name: "a reset",
            rule: Rule(tcp(), [], .reject(.reset)),
            lines: ["-p tcp -j REJECT --reject-with tcp-reset"]
        ),
        RuleCase(
            name: "prohibited",
            rule: Rule([], [], .reject(.prohibited)),
            lines: ["-j REJECT --reject-with icmp-admin-prohibited"]
        ),
        RuleCase(
            name: "prohibited in IPv6",
            family: .ipv6,
            rule: Rule([], [], .reject(.prohibited)),
            lines: ["-j REJECT --reject-with icmp6-adm-prohibited"]
        ),
    ]
}
