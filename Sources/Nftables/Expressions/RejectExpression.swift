/// `reject`: drops the packet and says so to its sender (nft(8), "REJECT STATEMENT").
struct RejectExpression: KernelExpression {
    static let name = "reject"

    private let kind: UInt32
    private let code: UInt8

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 2), let kind = attributes.u32(1), kind <= 2 else { return nil }
        (self.kind, code) = (kind, attributes.u8(2) ?? 0)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.append(.statement(.reject(kind: kind, code: code)))
        return true
    }
}
