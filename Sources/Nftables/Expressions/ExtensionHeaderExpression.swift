/// `exthdr`: extension headers of IPv6, options of TCP and IP, chunks of SCTP
/// (nft(8), "EXTENSION HEADER EXPRESSIONS" and "EXTENSION HEADER STATEMENT").
struct ExtensionHeaderExpression: KernelExpression {
    static let name = "exthdr"

    private let header: ExtensionHeader
    private let destination: UInt32?
    private let source: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 7), let type = attributes.u8(2) else { return nil }
        header = ExtensionHeader(
            kind: attributes.u32(6) ?? 0,
            type: type,
            offset: Int(attributes.u32(3) ?? 0),
            length: Int(attributes.u32(4) ?? 0),
            isPresence: (attributes.u32(5) ?? 0) & 1 != 0
        )
        (destination, source) = (attributes.u32(1), attributes.u32(7))
        guard header.kind <= 3, header.length <= 64 else { return nil }
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        if let destination {
            return machine.store(.source(.header(header)), in: destination, bytes: header.length)
        }
        if let source {
            guard let value = machine.value(source) else { return false }
            machine.append(.assign(.header(header), value))
            return true
        }
        // An option of TCP that is overwritten with nothing.
        guard header.kind == 1 else { return false }
        let option = ExtensionField.option(header.type) ?? header.type.description
        machine.append(.statement(.words("reset tcp option \(option)")))
        return true
    }
}
