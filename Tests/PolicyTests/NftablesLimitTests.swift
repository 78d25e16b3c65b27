import Diagnostics
import Netfilter
import Nftables
import PacketModel
import Testing

@testable import Compiler
@testable import Policy

@Suite struct NftablesLimitTests {
    @Test(arguments: ["udp/9", "ping", "any"])
    func `a packet of one family is never asked for the address of the other`(service: String) throws {
        let text = """
            wallwright: 1
            management: none
            inbound:
              - allow: \(service)
                from: [192.0.2.7, "2001:db8::7"]
                limit: 2/hour per source
              - allow: \(service)
                limit: 3/hour per source
              - allow: \(service)
                limit: 5/hour per destination
            """
        let (policy, diagnostics) = PolicyReader.read(
            source: SourceFile(name: "policy.yaml", bytes: Array(text.utf8)),
            environment: PolicyEnvironment(folder: "/")
        )
        let read = try #require(policy, "\(diagnostics)")
        let rules = try NftablesPrinter.print(try NftablesLowering.lower(read)).split(separator: "\n")
        #expect(rules.contains { $0.contains("update @") })
        for rule in rules {
            let (isIPv4, isIPv6) = (
                rule.contains(/\b(ip (saddr|daddr)|icmp type|nfproto ipv4)\b/),
                rule.contains(/\b(ip6 (saddr|daddr)|icmpv6 type|nfproto ipv6)\b/)
            )
            #expect(!(isIPv4 && isIPv6), "\(rule)")
        }
    }

    /// `{ 0-13 . 0-3 }` would be the codes 0 to 3 of each type.
    @Test func `an interval of types and codes is cut at the types`() throws {
        let values = IntervalSet<UInt128>([try #require(Interval(0x0D05, 0x1002))])
        let rule = Rule([.field(.icmpTypeAndCode, in: values)], [], .accept)
        let chain = Chain("test", rules: [rule])
        let text = try NftablesPrinter.print(
            Ruleset(tables: [Table(family: .inet, name: "t", chains: [chain])])
        )
        #expect(
            text.contains("icmp type . icmp code { 13 . 5-255, 14-15 . 0-255, 16 . 0-2 } accept"),
            "\(text)"
        )
    }
}
