import Netlink

/// `bitwise`: a register and a mask, some bits turned; or shifted (nft(8), "EXPRESSIONS").
struct BitwiseExpression: KernelExpression {
    static let name = "bitwise"

    private enum Operation: Sendable {
        case mask([UInt8], flips: [UInt8])
        case shift(left: Bool, UInt32)
    }

    private let source: UInt32
    private let destination: UInt32
    private let length: Int
    private let operation: Operation

    init?(_ attributes: AttributeList) throws(NetlinkDamage) {
        guard attributes.ends(at: 7), let source = attributes.u32(1), let destination = attributes.u32(2),
            let length = attributes.u32(3), length > 0, length <= 64
        else { return nil }
        (self.source, self.destination, self.length) = (source, destination, Int(length))
        switch attributes.u32(6) ?? 0 {
        case 0:
            guard let mask = try attributes.data(4), let flips = try attributes.data(5), mask.count == length,
                flips.count == length
            else { return nil }
            operation = .mask(mask, flips: flips)
        case let number where number <= 2:
            // The kernel keeps the count in the order of this machine (nft_bitwise_dump_shift).
            guard let bytes = try attributes.data(7), bytes.count == 4 else { return nil }
            operation = .shift(left: number == 1, bytes[...].hostOrder(UInt32.self, at: 0))
        default: return nil
        }
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let value = machine.value(source, bytes: length) else { return false }
        let result: Operand =
            switch operation {
            case .mask(let mask, let flips): .masked(value, mask: mask, flips: flips)
            case .shift(let left, let count): .shifted(value, left: left, count)
            }
        return machine.store(result, in: destination, bytes: length)
    }
}

/// `byteorder`: turns a register to network order, or from it.
struct ByteOrderExpression: KernelExpression {
    static let name = "byteorder"

    private let source: UInt32
    private let destination: UInt32
    private let length: Int

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 5), let source = attributes.u32(1), let destination = attributes.u32(2),
            let length = attributes.u32(4), attributes.u32(5) != nil, attributes.u32(3) != nil
        else { return nil }
        (self.source, self.destination, self.length) = (source, destination, Int(length))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let value = machine.value(source) else { return false }
        return machine.store(.swapped(value), in: destination, bytes: length)
    }
}
