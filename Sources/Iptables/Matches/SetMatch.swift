import Netfilter
import PacketModel

/// `set`: membership in an ipset (iptables-extensions(8), ipset(8)); the set is taken to be there.
enum SetMatch: MatchExtension {
    private static let packets = ["packets-eq", "packets-lt", "packets-gt"]
    private static let bytes = ["bytes-eq", "bytes-lt", "bytes-gt"]

    static let syntaxes = [
        ExtensionSyntax(
            "set",
            .match,
            options: [
                OptionSyntax("match-set", aliases: ["set"], setAndSides, mandatory: true, invertible: true),
                OptionSyntax("return-nomatch", .flag, repeatable: true),
                OptionSyntax("update-counters", .flag, invertible: true, repeatable: true),
                OptionSyntax("update-subcounters", .flag, invertible: true, repeatable: true),
            ] + [packets, bytes].flatMap { names in names.map { counter($0, among: names) } },
            complete: { instance, _ throws(Refusal) in
                instance.collapse("return-nomatch")
                // Counters are kept anyway: only that they are not is said.
                instance.collapse("update-counters", keepsNegated: true)
                instance.collapse("update-subcounters", keepsNegated: true)
            },
            examples: [
                "-m set --match-set hosts src", "-m set ! --match-set hosts dst,src --packets-gt 100",
            ]
        )
    ]

    private static func counter(_ name: String, among names: [String]) -> OptionSyntax {
        OptionSyntax(
            name,
            .number(0...UInt64.max),
            invertible: name.hasSuffix("-eq"),
            excludes: names.filter { $0 != name }
        )
    }

    /// IPSET_DIM_MAX (linux/netfilter/ipset/ip_set.h).
    private static let mostSides = 6
    /// IPSET_MAXNAMELEN less one.
    private static let longestName = 31

    /// The name, and for each dimension the side of the packet that is looked up: what follows `src` or `dst` in a
    /// word is not looked at.
    private static let setAndSides = ValueSyntax(
        words: 2,
        samples: [
            "hosts src", "hosts dst", "hosts src,dst", "hosts dst,src,dst,src,dst,src",
            "hosts src,src,src,src,src,src,src",
            "hosts srcX,dst2", "hosts SRC", "hosts src,", "hosts ,src", "hosts \"\"", "hosts \"src \"",
            "hosts",
            "0123456789012345678901234567890 src", "01234567890123456789012345678901 src", "\"a b\" src",
            "\"\" src",
        ],
        read: { words, _ throws(Refusal) in
            let name = words[0].bytes
            guard 1...longestName ~= name.count else {
                throw Refusal("value.name", "the name of a set has 1 to \(longestName) bytes")
            }
            let parts = words[1].text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= mostSides else {
                throw Refusal("value.sides", "a set has at most \(mostSides) dimensions")
            }
            var sides: [OptionValue] = []
            for part in parts {
                guard let side = ["src", "dst"].first(where: part.hasPrefix) else {
                    throw Refusal(
                        "value.unknown",
                        "\(part.isEmpty ? "nothing" : part) is neither src nor dst"
                    )
                }
                sides.append(.keyword(side))
            }
            return .list([.text(name)] + sides)
        },
        write: { value in
            let sides = value.items.dropFirst().map(\.bytes).joined(separator: [Ascii.comma])
            return (value.items.first?.bytes ?? []) + [Ascii.space] + sides
        }
    )

    /// How often something was in the set is not known, nor what an entry that is none (`nomatch`) comes to.
    static func conditions(of instance: ExtensionInstance, _ family: IPFamily, knowing sets: IpsetLookup)
        -> [Condition]?
    {
        guard let words = instance["match-set"]?.items, let name = words.first,
            !(packets + bytes + ["return-nomatch"]).contains(where: instance.has)
        else { return nil }
        let sides: [IpsetLookup.Side] = words.dropFirst().map {
            $0 == .keyword("src") ? .source : .destination
        }
        return sets.condition(String(decoding: name.bytes, as: UTF8.self), sides, family).map {
            [$0.negated(instance.isNegated("match-set"))]
        }
    }

    static func alternatives(of test: Test, in context: RuleContext) throws(Inexpressible) -> [[MatchText]]? {
        guard case .member(let fields, let name) = test.condition else { return nil }
        guard let set = context.sets[name] else { throw Inexpressible("there is no ipset \(name)") }
        guard set.family == nil || set.family == context.family, set.fields.count == fields.count else {
            throw Inexpressible("the ipset \(name) holds other things than the rule looks up")
        }
        let directions = try IpsetType(fields).directions.joined(separator: ",")
        return test.either([MatchText("set", "--match-set", name, directions)])
    }
}
