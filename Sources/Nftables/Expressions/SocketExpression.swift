/// `socket`: the socket of this host that a packet is for (nft(8), "SOCKET EXPRESSION").
struct SocketExpression: KernelExpression {
    static let name = "socket"

    private let register: UInt32
    private let key: UInt32
    private let level: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3), let key = attributes.u32(1), key <= 3, let register = attributes.u32(2)
        else {
            return nil
        }
        (self.key, self.register, level) = (key, register, key == 3 ? attributes.u32(3) : nil)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(
            .source(.socket(key, level: level)),
            in: register,
            bytes: Self.keys[Int(key)].type.length ?? 4
        )
    }

    static let keys: [(text: String, type: DataType)] = [
        ("socket transparent", .flag), ("socket mark", .mark), ("socket wildcard", .flag),
        ("socket cgroupv2", .controlGroup),
    ]
}

/// `osf`: the system that a SYN looks like (nft(8), "OSF EXPRESSION").
struct FingerprintExpression: KernelExpression {
    static let name = "osf"

    private let register: UInt32
    private let source: Source

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3), let register = attributes.u32(1) else { return nil }
        self.register = register
        source = .fingerprint(ttl: attributes.u8(2) ?? 0, flags: attributes.u32(3) ?? 0)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(.source(source), in: register, bytes: 16)
    }

    static func text(_ ttl: UInt8, _ flags: UInt32) -> String {
        let check = [1: " ttl loose", 2: " ttl skip"][ttl] ?? ""
        return "osf\(check) \(flags & 1 != 0 ? "version" : "name")"
    }
}
