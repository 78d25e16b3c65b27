import Netlink

/// `immediate`: bytes for a register, or a verdict (nft(8), "VERDICT STATEMENT").
struct ImmediateExpression: KernelExpression {
    static let name = "immediate"

    private enum Value: Sendable {
        case bytes([UInt8])
        case verdict(KernelVerdict)
    }

    private let register: UInt32
    private let value: Value

    init?(_ attributes: AttributeList) throws(NetlinkDamage) {
        guard attributes.ends(at: 2), let register = attributes.u32(1), let data = try attributes.nested(2)
        else {
            return nil
        }
        self.register = register
        if let bytes = data.bytes(1) {
            value = .bytes(bytes)
        } else {
            guard let verdict = try KernelVerdict(data) else { return nil }
            value = .verdict(verdict)
        }
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        switch value {
        case .verdict(let verdict):
            machine.append(.verdict(verdict))
            return true
        case .bytes(let bytes): return machine.store(.constant(bytes), in: register, bytes: bytes.count)
        }
    }
}

extension KernelVerdict {
    /// Of the data of an immediate, or of an element of a verdict map.
    init?(_ data: AttributeList) throws(NetlinkDamage) {
        guard let verdict = try data.nested(2), let code = verdict.u32(1) else { return nil }
        let chain = verdict.text(2)
        switch Int32(bitPattern: code) {
        case 0: self = .drop
        case 1: self = .accept
        case -1: self = .continue
        case -5: self = .return
        case -3:
            guard let chain else { return nil }
            self = .jump(chain)
        case -4:
            guard let chain else { return nil }
            self = .goto(chain)
        default: return nil
        }
    }
}
