/// `lookup`: looks for a register in a set, or takes from a map what it has for it
/// (nft(8), "SETS", "MAP STATEMENT" and "VMAP STATEMENT").
struct LookupExpression: KernelExpression {
    static let name = "lookup"

    private let set: String
    private let source: UInt32
    private let destination: UInt32?
    private let isNegated: Bool

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 5), let set = attributes.text(1), let source = attributes.u32(2) else {
            return nil
        }
        (self.set, self.source, destination) = (set, source, attributes.u32(3))
        isNegated = attributes.u32(5) == 1
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let length = machine.keyLengths[set], let key = machine.value(source, bytes: length) else {
            return false
        }
        switch destination {
        case nil: machine.append(.lookup(key, set: set, isNegated: isNegated))
        case 0: machine.append(.verdictMap(key, map: set))
        case let destination?:
            guard let length = machine.dataLengths[set] else { return false }
            return machine.store(.mapped(key, map: set), in: destination, bytes: length)
        }
        return true
    }
}

/// `dynset`: puts an element into a set, or takes it out (nft(8), "SET STATEMENT").
struct SetUpdateExpression: KernelExpression {
    static let name = "dynset"

    private let set: String
    private let operation: SetUpdate.Operation
    private let key: UInt32
    private let data: UInt32?
    private let timeout: UInt64?
    private let statements: [RuleStatement]

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 10), let set = attributes.text(1), let number = attributes.u32(3),
            let operation = SetUpdate.Operation(rawValue: number), let key = attributes.u32(4),
            (attributes.u32(9) ?? 0) & 1 == 0
        else { return nil }
        (self.set, self.operation, self.key) = (set, operation, key)
        data = attributes.u32(5)
        timeout = attributes.u64(6)
        do {
            let single = try attributes.nested(7).map { [$0] } ?? []
            statements = try KernelExpressions.statements(single + attributes.lists(10))
        } catch {
            return nil
        }
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let length = machine.keyLengths[set], let key = machine.value(key, bytes: length) else {
            return false
        }
        var value: Operand?
        if let data {
            value = machine.value(data, bytes: machine.dataLengths[set] ?? 4)
            guard value != nil else { return false }
        }
        machine.append(
            .update(
                SetUpdate(
                    operation: operation,
                    set: set,
                    key: key,
                    data: value,
                    timeout: timeout == 0 ? nil : timeout,
                    statements: statements
                )
            )
        )
        return true
    }
}
