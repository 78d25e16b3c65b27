/// `fib`: what the routes of the host say (nft(8), "FIB EXPRESSIONS").
struct RouteLookupExpression: KernelExpression {
    static let name = "fib"

    private let register: UInt32
    private let result: UInt32
    private let flags: UInt32

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3), let register = attributes.u32(1), let result = attributes.u32(2),
            (1...3).contains(result), let flags = attributes.u32(3), flags & ~0x3F == 0
        else { return nil }
        (self.register, self.result, self.flags) = (register, result, flags)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(.source(.fib(result: result, flags: flags)), in: register, bytes: result == 2 ? 16 : 4)
    }

    static func text(_ result: UInt32, _ flags: UInt32) -> String {
        let parts: [(UInt32, String)] = [(1, "saddr"), (2, "daddr"), (4, "mark"), (8, "iif"), (16, "oif")]
        let key = parts.filter { flags & $0.0 != 0 }.map(\.1).joined(separator: " . ")
        return "fib \(key) \(["", "oif", "oifname", "type"][Int(result)])"
    }

    static func type(_ result: UInt32, _ flags: UInt32) -> DataType {
        if flags & 0x20 != 0 { return .boolean }
        return [DataType.interfaceIndex, .interfaceIndex, .interfaceName, .addressType][Int(result)]
    }
}

/// `rt`: the route that a packet has (nft(8), "ROUTING EXPRESSIONS").
struct RouteExpression: KernelExpression {
    static let name = "rt"

    private let register: UInt32
    private let key: UInt32

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 2), let register = attributes.u32(1), let key = attributes.u32(2), key <= 4
        else {
            return nil
        }
        (self.register, self.key) = (register, key)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(.source(.route(key)), in: register, bytes: Self.keys[Int(key)].type.length ?? 4)
    }

    static let keys: [(text: String, type: DataType)] = [
        ("rt classid", .realm), ("rt ip nexthop", .ipv4), ("rt ip6 nexthop", .ipv6),
        ("rt mtu", DataType(4, "integer", .decimal, .host, 2)), ("rt ipsec", .boolean),
    ]
}

/// `xfrm`: what IPsec did or will do (nft(8), "IPSEC EXPRESSIONS").
struct TransformExpression: KernelExpression {
    static let name = "xfrm"

    private let register: UInt32
    private let source: Source
    private let length: Int

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 4), let register = attributes.u32(1), let key = attributes.u32(2),
            let type = Self.keys[key]?.type, let direction = attributes.u8(3)
        else { return nil }
        self.register = register
        source = .transform(key: key, direction: direction, number: attributes.u32(4) ?? 0)
        length = type.length ?? 4
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        machine.store(.source(source), in: register, bytes: length)
    }

    static let keys: [UInt32: (text: String, type: DataType)] = [
        1: ("ip daddr", .ipv4), 2: ("ip6 daddr", .ipv6), 3: ("ip saddr", .ipv4), 4: ("ip6 saddr", .ipv6),
        5: ("reqid", DataType(4, "integer", .decimal, .host, 4)),
        6: ("spi", DataType(4, "integer", .decimal, .network, 4)),
    ]

    static func text(_ key: UInt32, _ direction: UInt8, _ number: UInt32) -> String {
        let place = number == 0 ? "" : " spnum \(number)"
        return "ipsec \(direction == 0 ? "in" : "out")\(place) \(keys[key]?.text ?? "")"
    }
}
