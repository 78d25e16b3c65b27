import Netlink

/// `cmp`: goes on when a register compares so with bytes (nft(8), "EXPRESSIONS").
struct CompareExpression: KernelExpression {
    static let name = "cmp"

    private let register: UInt32
    private let comparison: Comparison
    private let bytes: [UInt8]

    init?(_ attributes: AttributeList) throws(NetlinkDamage) {
        guard attributes.ends(at: 3), let register = attributes.u32(1), let number = attributes.u32(2),
            let comparison = Comparison(rawValue: number), let bytes = try attributes.data(3)
        else { return nil }
        (self.register, self.comparison, self.bytes) = (register, comparison, bytes)
    }

    func run(_ machine: inout RegisterMachine) -> Bool { machine.compare(register, comparison, bytes) }
}

/// `range`: goes on when a register is in a range, or outside of it.
struct RangeExpression: KernelExpression {
    static let name = "range"

    private let register: UInt32
    private let isNegated: Bool
    private let from: [UInt8]
    private let to: [UInt8]

    init?(_ attributes: AttributeList) throws(NetlinkDamage) {
        guard attributes.ends(at: 4), let register = attributes.u32(1), let operation = attributes.u32(2),
            operation <= 1, let from = try attributes.data(3), let to = try attributes.data(4)
        else { return nil }
        (self.register, isNegated, self.from, self.to) = (register, operation == 1, from, to)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard isNegated, let value = machine.value(register) else { return false }
        machine.append(.range(value, isNegated: true, from: from, to: to))
        return true
    }
}
