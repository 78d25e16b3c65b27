/// `meta`: loads or writes what the kernel knows of a packet beside its bytes (nft(8), "META EXPRESSIONS").
struct MetaExpression: KernelExpression {
    static let name = "meta"

    private let key: UInt32
    private let destination: UInt32?
    private let source: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 3), let key = attributes.u32(2), MetaKey(key) != nil else { return nil }
        self.key = key
        destination = attributes.u32(1)
        source = attributes.u32(3)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let length = MetaKey(key)?.type.length else { return false }
        if let destination { return machine.store(.source(.meta(key)), in: destination, bytes: length) }
        guard let source, let value = machine.value(source) else { return false }
        machine.append(.assign(.meta(key), value))
        return true
    }
}

/// What there is to know of a packet (`enum nft_meta_keys`).
struct MetaKey: Sendable {
    let text: String
    let type: DataType

    init?(_ number: UInt32) {
        guard Self.table.indices.contains(Int(number)) else { return nil }
        (text, type) = Self.table[Int(number)]
    }

    private static let number32 = DataType(4, "integer", .decimal, .host, 4)

    private static let table: [(String, DataType)] = [
        ("meta length", number32), ("meta protocol", .etherType), ("meta priority", .classID),
        ("meta mark", .mark), ("iif", .interfaceIndex), ("oif", .interfaceIndex), ("iifname", .interfaceName),
        ("oifname", .interfaceName), ("meta iiftype", .hardwareType), ("meta oiftype", .hardwareType),
        ("meta skuid", .user), ("meta skgid", .group), ("meta nftrace", .flag), ("meta rtclassid", .realm),
        ("meta secmark", number32), ("meta nfproto", .protocolFamily), ("meta l4proto", .transport),
        ("meta ibrname", .interfaceName), ("meta obrname", .interfaceName), ("meta pkttype", .packetType),
        ("meta cpu", number32), ("iifgroup", .deviceGroup), ("oifgroup", .deviceGroup),
        ("meta cgroup", number32), ("meta random", DataType(4, "integer", .decimal, .network, 4)),
        ("meta ipsec", .boolean), ("meta iifkind", .interfaceName), ("meta oifkind", .interfaceName),
        ("meta ibrpvid", DataType(4, "integer", .decimal, .host, 2)), ("meta ibrvproto", .etherType),
        ("meta time", .date), ("meta day", .day), ("meta hour", .timeOfDay), ("meta sdif", .interfaceIndex),
        ("meta sdifname", .interfaceName), ("meta broute", .flag),
    ]
}
