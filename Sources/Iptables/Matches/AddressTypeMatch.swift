import Netfilter
import PacketModel

/// `addrtype`: whether the destination is an address of this host (iptables-extensions(8)).
enum AddressTypeMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "addrtype",
            .match,
            options: [
                OptionSyntax("src-type", .nameList(names), invertible: true),
                OptionSyntax("dst-type", .nameList(names), invertible: true),
                OptionSyntax("limit-iface-in", .flag, excludes: ["limit-iface-out"]),
                OptionSyntax("limit-iface-out", .flag, excludes: ["limit-iface-in"]),
            ],
            oneOf: ["src-type", "dst-type"],
            complete: { instance, context throws(Refusal) in
                if context.family == .ipv6 { try checkIPv6(instance) }
                // The kernel asks at the rule itself: in a chain of the user it does not know the hook.
                switch context.hook {
                case .prerouting where instance.has("limit-iface-out"),
                    .input where instance.has("limit-iface-out"):
                    throw Refusal("match.hook", "packets of \(context.chain) leave by no interface")
                case .postrouting where instance.has("limit-iface-in"),
                    .output where instance.has("limit-iface-in"):
                    throw Refusal("match.hook", "packets of \(context.chain) came by no interface")
                default: break
                }
            },
            examples: ["-m addrtype --dst-type LOCAL", "-m addrtype ! --src-type UNICAST,LOCAL"]
        )
    ]

    /// In the order of their numbers (linux/netfilter/xt_addrtype.h).
    private static let names = [
        "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE",
        "PROHIBIT",
        "THROW", "NAT", "XRESOLVE",
    ]

    /// What IPv6 has no routes for (net/netfilter/xt_addrtype.c, addrtype_mt_checkentry_v1).
    private static func checkIPv6(_ instance: ExtensionInstance) throws(Refusal) {
        let asked = (instance["src-type"]?.number ?? 0) | (instance["dst-type"]?.number ?? 0)
        for name in ["BROADCAST", "BLACKHOLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"] {
            guard let place = names.firstIndex(of: name), asked >> UInt64(place) & 1 == 1 else { continue }
            throw Refusal("match.family", "IPv6 has no addresses of the type \(name)")
        }
    }

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .field(let field, let values) = test.condition,
            [.sourceType, .destinationType, .destinationTypeHere].contains(field)
        else { return nil }
        let chosen = names.enumerated().filter { values.contains(UInt128($0.offset)) }.map(\.element)
        let option = field == .sourceType ? "--src-type" : "--dst-type"
        let text = MatchText("addrtype", option, chosen.joined(separator: ","), negated: test.isNegated)
        return [field == .destinationTypeHere ? [text, MatchText("addrtype", "--limit-iface-in")] : [text]]
    }

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            let (type, address): (Field, Field)
            switch option {
            case "src-type": (type, address) = (.sourceType, .source)
            case "dst-type": (type, address) = (.destinationType, .destination)
            default: return nil
            }
            let chosen = AddressType.allCases.filter { value.number >> UInt64($0.rawValue) & 1 == 1 }
            guard family == .ipv6 else { return .types(chosen, type) }
            return .not(.anyOf(ipv6(chosen, type, address).map { .not($0) }))
        }
    }

    /// All of these must hold: IPv6 looks at the address itself first, and asks the routes for the rest
    /// (net/netfilter/xt_addrtype.c, addrtype_mt6).
    private static func ipv6(_ types: [AddressType], _ type: Field, _ address: Field) -> [Condition] {
        let multicast = Condition.range(address, 0xFF << 120, .max)
        let none = Condition.field(address, is: UInt8(0))
        var conditions: [Condition] = []
        if types.contains(.multicast) { conditions.append(multicast) }
        if types.contains(.unicast) { conditions.append(.not(.anyOf([multicast, none]))) }
        if types.contains(.unspecified) { conditions.append(none) }
        let routed = types.filter { [.local, .anycast, .unreachable].contains($0) }
        if !routed.isEmpty { conditions.append(.types(routed, type)) }
        return conditions
    }
}

extension Condition {
    fileprivate static func types(_ types: [AddressType], _ field: Field) -> Condition {
        .field(field, in: IntervalSet(types.map { Interval(UInt128($0.rawValue)) }))
    }
}
