import Netfilter
import PacketModel

/// `icmp` and `icmp6`: a type with all its codes, or with one (iptables-extensions(8)); `u32` for type 255.
enum ICMPMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "icmp",
            .match,
            families: [.ipv4],
            options: [OptionSyntax("icmp-type", ICMPNames.version4.value, mandatory: true, invertible: true)],
            protocols: ProtocolNeed([IPProtocol.icmp.number], "-p icmp"),
            examples: ["-p icmp --icmp-type echo-request", "-p icmp -m icmp ! --icmp-type 3/4"]
        ),
        ExtensionSyntax(
            "icmp6",
            .match,
            families: [.ipv6],
            options: [
                OptionSyntax("icmpv6-type", ICMPNames.version6.value, mandatory: true, invertible: true)
            ],
            protocols: ProtocolNeed([IPProtocol.icmpv6.number], "-p ipv6-icmp"),
            examples: ["-p ipv6-icmp --icmpv6-type echo-request", "-p ipv6-icmp -m icmp6 --icmpv6-type 1/4"]
        ),
    ]

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
            texts.append(text(member, wholeType: wholeType, in: family))
            member += wholeType ? 0x100 : 1
        }
        return texts
    }

    private static func text(_ member: UInt128, wholeType: Bool, in family: IPFamily) -> MatchText {
        let name = wholeType ? "\(member >> 8)" : "\(member >> 8)/\(member & 0xFF)"
        switch family {
        case .ipv6: return MatchText("icmp6", "--icmpv6-type", name)
        case .ipv4 where member >> 8 != anyType: return MatchText("icmp", "--icmp-type", name)
        case .ipv4:
            // The first bytes after the header of IPv4, whose length stands in its first byte.
            let start = "0x0>>0x16&0x3c@0x0"
            let value = wholeType ? ">>0x18=0xff" : ">>0x10=0x\(String(member, radix: 16))"
            return MatchText("u32", "--u32", start + value)
        }
    }

    /// `--icmp-type 255` matches every type (icmp_type_code_match, net/ipv4/netfilter/ip_tables.c), so what asks
    /// for that type alone needs another extension.
    private static let anyType: UInt128 = 255

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { _, value in
            guard let type = value.items.first?.number, case .range(let low, let high)? = value.items.last
            else { return nil }
            if family == .ipv4, type == UInt64(anyType) { return .range(.icmpTypeAndCode, 0, 0xFFFF) }
            return .range(.icmpTypeAndCode, UInt128(type << 8 | low), UInt128(type << 8 | high))
        }
    }
}
