import Netfilter
import PacketModel
import Testing

@testable import Nftables

/// How rules are written; that nft takes them is seen by the tests on the kernel.
@Suite struct PrintedRuleTests {
    static let rules: [(Rule, String)] = [
        (Rule([.state(.established)], [], .accept), "ct state established accept"),
        (Rule([.not(.state(.new))], [], .jump("others")), "ct state != new jump others"),
        (Rule([.state(.new, .related)], [.counter], .drop), "ct state { new, related } counter drop"),
        (
            Rule([.family(.ipv4), .field(.source, in: [0x0A00_0001])], [], .return),
            "ip saddr 10.0.0.1 return"
        ),
        (Rule([.family(.ipv6)], [], .accept), "meta nfproto ipv6 accept"),
        (
            Rule([.transportProtocol(.udp), .field(.destinationPort, in: [53, 123])], [], .accept),
            "udp dport { 53, 123 } accept"
        ),
        (
            Rule([.transportProtocol(.tcp), .field(.originalDestinationPort, in: [80])], [], .accept),
            "meta l4proto tcp ct original proto-dst 80 accept"
        ),
        (Rule([.transportProtocol(.esp)], [], .accept), "meta l4proto esp accept"),
        (
            Rule(
                [
                    .family(.ipv6),
                    .field(.icmpTypeAndCode, in: IntervalSet([.full(of: 133), .full(of: 134)])),
                ],
                [],
                .accept
            ),
            "icmpv6 type 133-134 accept"
        ),
        (
            Rule([.family(.ipv4), .field(.icmpTypeAndCode, in: [0x0304])], [], .accept),
            "icmp type . icmp code { 3 . 4 } accept"
        ),
        (Rule([.status(.destinationNAT)], [], .goto("asked")), "ct status & dnat == dnat goto asked"),
        (Rule([.flags(.rst, of: .rst)], [], .accept), "tcp flags & rst == rst accept"),
        (
            Rule([], [.log(Log(prefix: "wallwright drop: ", destination: .group(7)))], nil),
            "log prefix \"wallwright drop: \" group 7"
        ),
        (Rule([.transportProtocol(.tcp)], [], .reject(.reset)), "meta l4proto tcp reject with tcp reset"),
        (
            Rule(
                [],
                [],
                .choice(.connectionState, [Choice(UInt8(0), .drop), Choice(UInt8(3), .jump("related"))])
            ),
            "ct state vmap { invalid : drop, related : jump related }"
        ),
        (
            Rule(
                [.not(.interface(.inputInterface, matches: bridges))],
                [],
                .drop,
                comment: "a \"quoted\" word"
            ),
            "iifname != { \"br-*\", \"docker0\" } drop comment \"a 'quoted' word\""
        ),
        (Rule([], [], .destinationNAT(IPAddress(family: .ipv6, value: 1), port: 80)), "dnat ip6 to [::1]:80"),
    ]

    private static let bridges = ["br-*", "docker0"].compactMap(InterfacePattern.init)

    @Test(arguments: rules.indices)
    func `a rule is written in the words of nft`(index: Int) throws {
        let (rule, text) = Self.rules[index]
        #expect(try RulePrinter(setsByName: [:]).print(rule) == text)
    }

    @Test func `a rate is written with its burst`() throws {
        let bucket = TokenBucket(rate: try #require(Rate(5, per: .minute)), burst: 7)
        let rule = Rule([.stateful(.withinRate(bucket))], [], .accept)
        #expect(try RulePrinter(setsByName: [:]).print(rule) == "limit rate 5/minute burst 7 packets accept")
    }

    @Test func `a comment is cut at what nft keeps, between characters`() {
        let text = TablePrinter.quoted(String(repeating: "ä", count: 100))
        #expect(text.utf8.count == 128)
        #expect(text.hasSuffix("ä\""))
    }
}

extension Interval where Bound == UInt128 {
    /// All codes of an ICMP type.
    fileprivate static func full(of type: UInt128) -> Interval {
        Interval(type << 8, type << 8 | 0xFF) ?? Interval(type << 8)
    }
}
