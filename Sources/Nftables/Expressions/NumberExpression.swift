/// `numgen`: numbers one after another, or at random (nft(8), "NUMGEN EXPRESSION").
struct NumberExpression: KernelExpression {
    static let name = "numgen"

    private let register: UInt32
    private let parameters: NumberParameters

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 4), let register = attributes.u32(1), let modulus = attributes.u32(2),
            let type = attributes.u32(3), type <= 1
        else { return nil }
        self.register = register
        parameters = NumberParameters(isRandom: type == 1, modulus: modulus, offset: attributes.u32(4) ?? 0)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(.source(.numbers(parameters)), in: register, bytes: 4)
    }
}

extension NumberParameters {
    var text: String {
        "numgen \(isRandom ? "random" : "inc") mod \(modulus)" + (offset == 0 ? "" : " offset \(offset)")
    }
}

/// `hash`: a number made of values of the packet (nft(8), "HASH EXPRESSIONS").
struct HashExpression: KernelExpression {
    static let name = "hash"

    private let source: UInt32?
    private let destination: UInt32
    private let length: Int
    private let isSymmetric: Bool
    private let parameters: HashParameters

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 7), let destination = attributes.u32(2), let modulus = attributes.u32(4)
        else {
            return nil
        }
        (source, self.destination) = (attributes.u32(1), destination)
        length = Int(attributes.u32(3) ?? 0)
        isSymmetric = attributes.u32(7) == 1
        parameters = HashParameters(modulus: modulus, seed: attributes.u32(5), offset: attributes.u32(6) ?? 0)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        if isSymmetric {
            return machine.store(.source(.symmetricHash(parameters)), in: destination, bytes: 4)
        }
        guard let source, let value = machine.value(source, bytes: length) else { return false }
        return machine.store(.hashed(value, parameters), in: destination, bytes: 4)
    }
}

extension HashParameters {
    /// What stands behind what is hashed.
    var text: String {
        "mod \(modulus)" + (seed.map { " seed 0x" + String($0, radix: 16) } ?? "")
            + (offset == 0 ? "" : " offset \(offset)")
    }
}
