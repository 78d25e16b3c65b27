/// `payload`: loads bytes of the packet, or writes them with its checksums mended
/// (nft(8), "PAYLOAD EXPRESSIONS" and "PAYLOAD STATEMENT").
struct PayloadExpression: KernelExpression {
    static let name = "payload"

    private let base: UInt32
    private let offset: Int
    private let length: Int
    private let destination: UInt32?
    private let source: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 8), let base = attributes.u32(2), base <= 3, let offset = attributes.u32(3),
            let length = attributes.u32(4), length > 0, length <= 64
        else { return nil }
        (self.base, self.offset, self.length) = (base, Int(offset), Int(length))
        destination = attributes.u32(1)
        source = attributes.u32(5)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        if let destination {
            let value = Operand.source(.payload(base: base, offset: offset, length: length))
            return machine.store(value, in: destination, bytes: length)
        }
        guard let source, let value = machine.value(source, bytes: length) else { return false }
        machine.append(.assign(.payload(base: base, offset: offset, length: length), value))
        return true
    }
}
