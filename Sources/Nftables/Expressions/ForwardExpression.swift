/// `fwd`: out by another interface (nft(8), "FWD STATEMENT").
struct ForwardExpression: KernelExpression {
    static let name = "fwd"

    private let device: UInt32?
    private let address: UInt32?
    private let family: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
        (device, address, family) = (attributes.u32(1), attributes.u32(2), attributes.u32(3))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        let device = device.flatMap { machine.value($0) }
        let address = address.flatMap { machine.value($0) }
        machine.append(.statement(.forward(device: device, address: address, family: family)))
        return true
    }
}

/// `dup`: a copy to somewhere else (nft(8), "DUP STATEMENT").
struct DuplicateExpression: KernelExpression {
    static let name = "dup"

    private let address: UInt32?
    private let device: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 2) else { return nil }
        (address, device) = (attributes.u32(1), attributes.u32(2))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        let address = address.flatMap { machine.value($0) }
        let device = device.flatMap { machine.value($0) }
        machine.append(.statement(.duplicate(address: address, device: device)))
        return true
    }
}

/// `tproxy`: to a socket of this host, the packet as it is (nft(8), "TPROXY STATEMENT").
struct TransparentExpression: KernelExpression {
    static let name = "tproxy"

    private let family: UInt32
    private let address: UInt32?
    private let port: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3), let family = attributes.u32(1) else { return nil }
        (self.family, address, port) = (family, attributes.u32(2), attributes.u32(3))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        let address = address.flatMap { machine.value($0) }
        let port = port.flatMap { machine.value($0) }
        machine.append(.statement(.transparent(family: family, address: address, port: port)))
        return true
    }
}
