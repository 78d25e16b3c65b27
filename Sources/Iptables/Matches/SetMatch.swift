import Netfilter
import PacketModel

/// `set`: membership in an ipset (iptables-extensions(8), ipset(8)).
enum SetMatch: MatchExtension {
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
