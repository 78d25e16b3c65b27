/// `objref`: an object by its name, or the one that a map has for a key (nft(8), "STATEFUL OBJECTS").
struct ObjectExpression: KernelExpression {
    static let name = "objref"

    private let type: UInt32?
    private let object: String?
    private let register: UInt32?
    private let map: String?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 5) else { return nil }
        (type, object) = (attributes.u32(1), attributes.text(2))
        (register, map) = (attributes.u32(3), attributes.text(4))
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        if let type, let object {
            machine.append(.statement(.object(type: type, name: object)))
            return true
        }
        guard let register, let map, let length = machine.keyLengths[map],
            let key = machine.value(register, bytes: length)
        else { return false }
        machine.append(.statement(.objectMap(key, map: map)))
        return true
    }
}
