import PacketModel

/// `icmp` and `icmp6`: a type with all its codes, or with one (iptables-extensions(8)).
enum ICMPMatch: MatchExtension {
    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(.icmpTypeAndCode, let members) = test.condition else { return nil }
        guard context.transportProtocol == (context.family == .ipv4 ? .icmp : .icmpv6) else {
            throw Inexpressible("a rule that asks for types of ICMP must ask for ICMP of its family")
        }
        return test.either(members.intervals.flatMap { texts($0, in: context.family) })
    }

    private static func texts(_ members: Interval<UInt128>, in family: IPFamily) -> [MatchText] {
        var texts: [MatchText] = []
        var member = members.lower
        while member <= members.upper {
            let wholeType = member & 0xFF == 0 && members.upper - member >= 0xFF
            let name = wholeType ? "\(member >> 8)" : "\(member >> 8)/\(member & 0xFF)"
            texts.append(
                family == .ipv4
                    ? MatchText("icmp", "--icmp-type", name) : MatchText("icmp6", "--icmpv6-type", name)
            )
            member += wholeType ? 0x100 : 1
        }
        return texts
    }
}
