import Diagnostics
import Netfilter
import PacketModel

/// `multiport`: up to fifteen ports, a range counting as two (linux/netfilter/xt_multiport.h,
/// XT_MULTI_PORTS).
enum MultiportMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "multiport",
            .match,
            options: [
                OptionSyntax(
                    "sports",
                    aliases: ["source-ports"],
                    list,
                    invertible: true,
                    excludes: ["dports", "ports"]
                ),
                OptionSyntax(
                    "dports",
                    aliases: ["destination-ports"],
                    list,
                    invertible: true,
                    excludes: ["sports", "ports"]
                ),
                OptionSyntax("ports", list, invertible: true, excludes: ["sports", "dports"]),
            ],
            oneOf: ["sports", "dports", "ports"],
            examples: ["-p tcp -m multiport --dports 80,443", "-p udp -m multiport ! --ports 1000:2000,53"]
        )
    ]

    private static let list = ValueSyntax(
        samples: [
            "1", "1,2", "1:2,3", "ssh,80", "1:1", "2:1", ":2", "2:", "1,", ",1", "", "65535", "65536", "x",
            "1,2,2,1",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16",
            "1:2,3:4,5:6,7:8,9:10,11:12,13:14,15", "1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16",
        ],
        read: { words, context throws(Refusal) in
            guard let asked = context.transportProtocol, !asked.isNegated, let name = names[asked.number]
            else {
                throw Refusal.missing(
                    "match.protocol",
                    "multiport needs a protocol before it",
                    before: ["-p tcp", "-p udp"]
                )
            }
            var items: [OptionValue] = []
            var free = places
            for part in words[0].bytes.split(separator: Ascii.comma, omittingEmptySubsequences: false) {
                let ends = part.split(separator: Ascii.colon, maxSplits: 1, omittingEmptySubsequences: false)
                let low = try PortText.port(ends[0], name, context)
                let high = ends.count == 2 ? try PortText.port(ends[1], name, context) : low
                if ends.count == 2, low >= high {
                    throw low == high
                        ? Refusal("value.port.range", "a range has two different ends", fix: "write \(low)")
                        : PortText.backwards(low, high)
                }
                free -= ends.count
                items.append(.range(low, high))
            }
            guard free >= 0 else {
                throw Refusal("value.ports", "multiport has \(places) places, and a range takes two of them")
            }
            return .list(items)
        },
        write: { value in
            Array(
                value.items.map { item in
                    guard case .range(let low, let high) = item else { return "" }
                    return low == high ? "\(low)" : "\(low):\(high)"
                }
                .joined(separator: ",").utf8
            )
        }
    )

    /// The protocols that it takes, by the names that services(5) has.
    private static let names: [UInt8: String] = [
        6: "tcp", 17: "udp", 33: "dccp", 132: "sctp", 136: "udplite",
    ]

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

    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        instance.conditions { option, value in
            let ports = IntervalSet(value.items.compactMap(\.interval))
            return switch option {
            case "sports": .field(.sourcePort, in: ports)
            case "dports": .field(.destinationPort, in: ports)
            default: .anyOf([.field(.sourcePort, in: ports), .field(.destinationPort, in: ports)])
            }
        }
    }
}
