import PacketModel

/// `multiport`: up to fifteen ports, a range counting as two (linux/netfilter/xt_multiport.h,
/// XT_MULTI_PORTS).
enum MultiportMatch: MatchExtension {
    static let places = 15

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(let field, let ports) = test.condition,
            field == .sourcePort || field == .destinationPort
        else { return nil }
        guard let transportProtocol = context.transportProtocol, transportProtocol.hasPorts else {
            throw Inexpressible("a rule that asks for ports must ask for a protocol that has them")
        }
        let option = field == .sourcePort ? "--sports" : "--dports"
        return test.either(
            folded(ports).map {
                MatchText("multiport", option, $0.map(PortText.interval).joined(separator: ","))
            }
        )
    }

    private static func folded(_ ports: IntervalSet<UInt128>) -> [[Interval<UInt128>]] {
        var (lists, free): ([[Interval<UInt128>]], Int) = ([], 0)
        for interval in ports.intervals {
            let needed = interval.isSingle ? 1 : 2
            if needed > free {
                lists.append([])
                free = places
            }
            lists[lists.count - 1].append(interval)
            free -= needed
        }
        return lists
    }
}
