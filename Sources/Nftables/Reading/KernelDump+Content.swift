import CKernel
import Netlink

extension KernelDump {
    /// All that matters of each thing, in an order that does not depend on when it was made: two rulesets are the same where
    /// these are. Sets without a name of their own count by the place of the first rule that looks into them.
    package var content: [String: [[UInt8]]] {
        let names = anonymousNames
        var result: [String: [[UInt8]]] = [:]
        for table in tables {
            result[Self.key(table, 1), default: []].append(Self.bytes(table, without: [3, 4]))
        }
        for (place, set) in sets.enumerated() {
            let name = names[Self.key(set, 1) + set.text(2)] ?? set.text(2)
            let key = "\(Self.key(set, 1)) set \(name)"
            // Of what a set was written as only one with a name of its own shows anything.
            let isAnonymous = set.number(NftablesAttribute.Set.flags) & 1 != 0
            let userData = UserData(Array(set.attribute(NftablesAttribute.Set.userData)?.value ?? []))
            result[key, default: []].append(
                Self.bytes(set, without: [2, 10, 13, 14, 16, 19, 20])
                    + userData.bytes(without: isAnonymous ? [3, 4] : [])
            )
            let elements = self.elements[place].flatMap { $0.nested(NftablesAttribute.ElementList.elements) }
            result[key, default: []] += elements.map { Self.bytes(of: $0.nested, without: [5, 8]) }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
        for object in objects {
            let key = "\(Self.key(object, 1)) object \(object.number(3)) \(object.text(2))"
            result[key] = [Self.bytes(object, without: [5, 6, 7])]
        }
        for table in flowtables {
            let key = "\(Self.key(table, 1)) flowtable \(table.text(2))"
            result[key] = [Self.bytes(table, without: [4, 5, 6])]
        }
        for chain in chains {
            let key = "\(Self.key(chain, 1)) chain \(chain.text(3))"
            result[key] = [Self.bytes(chain, without: [2, 6, 8, 9, 11])]
        }
        for rule in rules {
            let key = "\(Self.key(rule, 1)) chain \(rule.text(2))"
            var bytes = Self.bytes(rule, without: [3, 4, 6, 8, 9])
            for expression in rule.nested(NftablesAttribute.Rule.expressions) {
                bytes += Self.bytes(of: expression, names, in: Self.key(rule, 1))
            }
            result[key, default: []].append(bytes)
        }
        return result
    }

    /// Where two rulesets are not the same.
    package func places(differingFrom other: KernelDump) -> [String] {
        let (mine, theirs) = (content, other.content)
        return Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted()
    }

    /// By their table and name.
    private var anonymousNames: [String: String] {
        var result: [String: String] = [:]
        let anonymous = Set(
            sets.filter { $0.number(NftablesAttribute.Set.flags) & 1 != 0 }.map {
                Self.key($0, 1) + $0.text(2)
            }
        )
        for rule in rules {
            let table = Self.key(rule, 1)
            for expression in rule.nested(NftablesAttribute.Rule.expressions) {
                guard let name = Self.setName(expression)?.text else { continue }
                let key = table + name
                if anonymous.contains(key), result[key] == nil { result[key] = "of place \(result.count)" }
            }
        }
        return result
    }

    /// The attribute of an expression that names a set.
    private static func setName(_ expression: NetlinkAttribute) -> NetlinkAttribute? {
        let parts = expression.nested
        let data = parts[NftablesAttribute.Expression.data]?.nested
        switch parts[NftablesAttribute.Expression.name]?.text {
        case "lookup", "dynset": return data?[UInt16(NFTA_LOOKUP_SET.rawValue)]
        case "objref": return data?[UInt16(NFTA_OBJREF_SET_NAME.rawValue)]
        default: return nil
        }
    }

    private static func bytes(
        of expression: NetlinkAttribute,
        _ names: [String: String],
        in table: String
    ) -> [UInt8] {
        guard let set = setName(expression), let name = names[table + set.text] else {
            return expression.bytes
        }
        let parts = expression.nested
        let data = parts[NftablesAttribute.Expression.data]?.nested ?? []
        return (parts[NftablesAttribute.Expression.name]?.bytes ?? [])
            + data.flatMap { $0 == set ? Array(name.utf8) : $0.bytes }
    }

    static func key(_ family: UInt8, _ table: String) -> String {
        "table \(Family(rawValue: family)?.text ?? family.description) \(table)"
    }

    private static func key(_ message: NetlinkMessage, _ table: UInt16) -> String {
        key(message.family, message.text(table))
    }

    private static func bytes(_ message: NetlinkMessage, without passing: Set<UInt16>) -> [UInt8] {
        bytes(of: message.attributes, without: passing)
    }

    private static func bytes(of attributes: [NetlinkAttribute], without passing: Set<UInt16>) -> [UInt8] {
        attributes.filter { !passing.contains($0.type) }.flatMap(\.bytes)
    }
}
