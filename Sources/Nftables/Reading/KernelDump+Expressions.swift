import Netlink

extension KernelDump {
    /// How often each expression stands in the rules, by what the kernel calls it.
    package var expressions: [String: Int] {
        var result: [String: Int] = [:]
        for rule in rules {
            for expression in rule.nested(NftablesAttribute.Rule.expressions) {
                result[expression.nested[NftablesAttribute.Expression.name]?.text ?? "", default: 0] += 1
            }
        }
        return result
    }

    /// The names of the expressions that are read.
    package static var readable: [String] { KernelExpressions.all.map { $0.name } }
}
