/// `nat`: another address or port for the connection (nft(8), "NAT STATEMENTS").
struct TranslateExpression: KernelExpression {
    static let name = "nat"

    private let kind: UInt32
    private let family: UInt32
    private let registers: [UInt32?]
    private let flags: UInt32

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 7), let kind = attributes.u32(1), kind <= 1, let family = attributes.u32(2)
        else {
            return nil
        }
        (self.kind, self.family) = (kind, family)
        registers = (3...6).map { attributes.u32($0) }
        flags = attributes.u32(7) ?? 0
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        var translation = Translation(kind: kind == 0 ? .source : .destination, family: family, flags: flags)
        // The kernel says the first register again where there is no last one.
        let length = family == 10 ? 16 : 4
        let (address, last) = (registers[0], registers[1])
        translation.address = address.flatMap { machine.value($0) }
        if let last, last != address, !isInside(last, machine) {
            translation.lastAddress = machine.value(last, bytes: length)
        }
        let (port, lastPort) = (registers[2], registers[3])
        if let port, !isInside(port, machine) { translation.port = machine.value(port) }
        if let lastPort, lastPort != port, !isInside(lastPort, machine),
            !isInside(lastPort, of: port, machine)
        {
            translation.lastPort = machine.value(lastPort)
        }
        guard address == nil || translation.address != nil else { return false }
        machine.append(.statement(.translate(translation)))
        return true
    }

    /// Whether the register is a part of what a map gave for the address.
    private func isInside(_ register: UInt32, _ machine: RegisterMachine) -> Bool {
        isInside(register, of: registers[0], machine)
    }

    private func isInside(_ register: UInt32, of other: UInt32?, _ machine: RegisterMachine) -> Bool {
        other.map { machine.isInside(register, of: $0) } ?? false
    }
}

/// `masq`: the address of the interface that the packet leaves by.
struct MasqueradeExpression: KernelExpression {
    static let name = "masq"

    private let ports: PortRegisters
    private let flags: UInt32

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
        flags = attributes.u32(1) ?? 0
        ports = PortRegisters(first: attributes.u32(2), last: attributes.u32(3))
    }

    func run(_ machine: inout RegisterMachine) -> Bool { ports.append(.masquerade, flags, &machine) }
}

/// `redir`: an address of this host.
struct RedirectExpression: KernelExpression {
    static let name = "redir"

    private let ports: PortRegisters
    private let flags: UInt32

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3) else { return nil }
        ports = PortRegisters(first: attributes.u32(1), last: attributes.u32(2))
        flags = attributes.u32(3) ?? 0
    }

    func run(_ machine: inout RegisterMachine) -> Bool { ports.append(.redirect, flags, &machine) }
}

/// The registers of the ports that a connection may get.
private struct PortRegisters: Sendable {
    let first: UInt32?
    let last: UInt32?

    func append(_ kind: Translation.Kind, _ flags: UInt32, _ machine: inout RegisterMachine) -> Bool {
        var translation = Translation(kind: kind, flags: flags)
        if let first {
            translation.port = machine.value(first)
            guard translation.port != nil else { return false }
            if let last, last != first, !machine.isInside(last, of: first) {
                translation.lastPort = machine.value(last)
            }
        }
        machine.append(.statement(.translate(translation)))
        return true
    }
}
