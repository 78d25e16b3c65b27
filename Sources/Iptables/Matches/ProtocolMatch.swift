import Netfilter
import PacketModel

/// `-p`, by the names that iptables knows without `/etc/protocols`, else by number.
enum ProtocolMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(.transportProtocol, let protocols) = test.condition else { return nil }
        let numbers = protocols.intervals.flatMap { interval in
            (interval.lower...interval.upper).map(UInt8.init(truncatingIfNeeded:))
        }
        if numbers.contains(0) { throw Inexpressible("iptables takes protocol 0 for every protocol") }
        if test.isNegated && numbers.count > 1 {
            throw Inexpressible("a rule of iptables can exclude one protocol only")
        }
        return test.either(
            numbers.map { MatchText(nil, "-p", name(IPProtocol(number: $0), in: context.family)) }
        )
    }

    static func name(_ transportProtocol: IPProtocol, in family: IPFamily) -> String {
        switch transportProtocol {
        case .icmpv6: "ipv6-icmp"
        case .tcp, .udp, .udplite, .icmp, .esp, .ah, .sctp: transportProtocol.description
        default: String(transportProtocol.number)
        }
    }
}
