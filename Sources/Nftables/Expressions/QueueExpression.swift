/// `queue`: to a program that decides (nft(8), "QUEUE STATEMENT").
struct QueueExpression: KernelExpression {
    static let name = "queue"

    private let number: UInt16?
    private let total: UInt16
    private let flags: UInt16
    private let register: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 4) else { return nil }
        (number, total) = (attributes.u16(1), attributes.u16(2) ?? 1)
        (flags, register) = (attributes.u16(3) ?? 0, attributes.u32(4))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        if let register {
            guard let value = machine.value(register) else { return false }
            machine.append(.statement(.queue(number: value, flags: flags)))
            return true
        }
        guard let number else { return false }
        let last = Int(number) + Int(max(total, 1)) - 1
        let words = "queue\(Self.text(flags)) to \(number)" + (total > 1 ? "-\(last)" : "")
        machine.append(.statement(.words(words)))
        return true
    }

    static func text(_ flags: UInt16) -> String {
        let names = [(UInt16(1), "bypass"), (2, "fanout")].filter { flags & $0.0 != 0 }.map(\.1)
        return names.isEmpty ? "" : " flags \(names.joined(separator: ","))"
    }
}

/// `notrack`: no connection tracking for the packet (nft(8), "NOTRACK STATEMENT").
struct UntrackedExpression: StatementExpression {
    static let name = "notrack"

    let words = "notrack"

    init?(_ attributes: AttributeList) {
        guard attributes.all.isEmpty else { return nil }
    }
}
