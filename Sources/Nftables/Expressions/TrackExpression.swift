/// `ct`: loads or writes what connection tracking knows (nft(8), "CONNTRACK EXPRESSIONS" and "CONNTRACK STATEMENT").
struct TrackExpression: KernelExpression {
    static let name = "ct"

    private let key: UInt32
    private let direction: UInt8?
    private let destination: UInt32?
    private let source: UInt32?

    init?(_ attributes: AttributeList) {
        guard attributes.ends(at: 4), let key = attributes.u32(2), TrackKey(key) != nil else { return nil }
        self.key = key
        destination = attributes.u32(1)
        direction = attributes.u8(3)
        source = attributes.u32(4)
    }

    func run(_ machine: inout RegisterMachine) -> Bool {
        guard let length = TrackKey(key)?.type.length else { return false }
        if let destination {
            let value = Operand.source(.track(key, direction: direction))
            return machine.store(value, in: destination, bytes: length)
        }
        guard let source, let value = machine.value(source) else { return false }
        machine.append(.assign(.track(key, direction: direction), value))
        return true
    }
}

/// What there is to know of a connection (`enum nft_ct_keys`).
struct TrackKey: Sendable {
    let text: String
    let type: DataType

    init?(_ number: UInt32) {
        guard Self.table.indices.contains(Int(number)) else { return nil }
        (text, type) = Self.table[Int(number)]
    }

    private static let counter = DataType(4, "integer", .decimal, .host, 8)

    private static let table: [(String, DataType)] = [
        ("state", .trackState), ("direction", .trackDirection), ("status", .trackStatus), ("mark", .mark),
        ("secmark", DataType(4, "integer", .decimal, .host, 4)), ("expiration", .time),
        ("helper", DataType(5, "string", .string, .host, 16)), ("l3proto", .protocolFamily),
        ("saddr", .ipv4), ("daddr", .ipv4), ("protocol", .transport), ("proto-src", .port),
        ("proto-dst", .port), ("label", .label), ("packets", counter), ("bytes", counter),
        ("avgpkt", counter), ("zone", DataType(4, "integer", .decimal, .host, 2)), ("event", .trackEvent),
        ("ip saddr", .ipv4), ("ip daddr", .ipv4), ("ip6 saddr", .ipv6), ("ip6 daddr", .ipv6),
        ("id", .trackID),
    ]

    /// With the direction of the flow that it is asked of.
    static func text(_ number: UInt32, _ direction: UInt8?) -> String {
        let key = TrackKey(number)?.text ?? ""
        switch direction {
        case 0: return "ct original \(key)"
        case 1: return "ct reply \(key)"
        default: return "ct \(key)"
        }
    }
}
