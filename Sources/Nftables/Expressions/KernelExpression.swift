import Netlink

/// An expression of nf_tables: what the kernel says of it, and what it does to the registers of a rule.
protocol KernelExpression: Sendable {
    /// What the kernel calls it (`NFTA_EXPR_NAME`).
    static var name: String { get }

    /// Nil for what is not understood wholly.
    init?(_ attributes: AttributeList) throws(NetlinkDamage)

    /// False where the registers hold nothing that it could work with.
    func run(_ machine: inout RegisterMachine) -> Bool
}

/// One that looks at no register and sets none: what it does is said in words.
protocol StatementExpression: KernelExpression {
    /// As nft writes them.
    var words: String { get }
}

extension StatementExpression {
    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.append(.statement(.words(words)))
        return true
    }
}

/// Why a rule, or another thing of the kernel, is not read.
struct UnreadExpression: Error, Hashable, Sendable {
    /// The name of the expression.
    var name: String
}

enum KernelExpressions {
    /// Every expression that is read, one file for each that has weight.
    static let all: [any KernelExpression.Type] = [
        PayloadExpression.self, MetaExpression.self, TrackExpression.self, CompareExpression.self,
        RangeExpression.self, BitwiseExpression.self, ByteOrderExpression.self, LookupExpression.self,
        SetUpdateExpression.self, ImmediateExpression.self, TranslateExpression.self,
        MasqueradeExpression.self, RedirectExpression.self, RejectExpression.self, LogExpression.self,
        LimitExpression.self, CounterExpression.self, QuotaExpression.self, ConnectionLimitExpression.self,
        ObjectExpression.self, QueueExpression.self, UntrackedExpression.self, ForwardExpression.self,
        DuplicateExpression.self, TransparentExpression.self, SynproxyExpression.self,
        FlowOffloadExpression.self, RouteLookupExpression.self, RouteExpression.self, SocketExpression.self,
        FingerprintExpression.self, ExtensionHeaderExpression.self, NumberExpression.self,
        HashExpression.self, TransformExpression.self, LastExpression.self,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Runs one of a list: a rule, or what a set does for each element.
    static func run(
        _ expression: AttributeList,
        _ machine: inout RegisterMachine
    ) throws -> String {
        let name = expression.text(NftablesAttribute.Expression.name) ?? ""
        let attributes = try expression.nested(NftablesAttribute.Expression.data) ?? AttributeList([])
        guard let read = try byName[name]?.init(attributes), read.run(&machine) else {
            throw UnreadExpression(name: name)
        }
        return name
    }

    /// The statements of an element or a set: counters, limits and their like.
    static func statements(_ expressions: [AttributeList]) throws -> [RuleStatement] {
        var machine = RegisterMachine(dataLengths: [:], keyLengths: [:])
        for expression in expressions { _ = try run(expression, &machine) }
        return machine.clauses.compactMap { clause in
            if case .statement(let statement) = clause { statement } else { nil }
        }
    }
}
