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
                OptionSyntax("match-set", aliases: ["set"], .setLookup, mandatory: true, invertible: true),
                OptionSyntax("return-nomatch", .flag, repeatable: true),
                OptionSyntax("update-counters", .flag, invertible: true, repeatable: true),
                OptionSyntax("update-subcounters", .flag, invertible: true, repeatable: true),
            ] + [packets, bytes].flatMap { names in names.map { counter($0, among: names) } },
            complete: { instance, _ throws(Refusal) in
                instance.keepLast(of: "return-nomatch")
                // Counters are kept anyway: only that they are not is said.
                for name in ["update-counters", "update-subcounters"] {
                    let isSkipped = instance.isNegated(name)
                    instance.remove(name)
                    if isSkipped { instance.set(name, .none, negated: true) }
                }
            },
            examples: [
                "-m set --match-set addresses src", "-m set ! --match-set addresses dst,src --packets-gt 100",
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
