import PacketModel

/// A type of set (ipset(8)), with what it takes.
struct IpsetKind: Sendable {
    enum Dimension: Sendable {
        /// A single address; of IPv4 a range of them too, where the type lays it out.
        case address(takesRange: Bool)
        /// A prefix; of IPv4 a range too.
        case net
        case port
        case mac
        case interface
        case mark
        case set
    }

    enum Storage: Sendable {
        case bitmap
        case hash
        case list
    }

    let name: String
    /// The names before ipset 5.
    let oldNames: [String]
    let storage: Storage
    let dimensions: [Dimension]
    /// `netmask` and `bitmask`
    let takesMask: Bool
    /// Options of long ago, which are taken and do nothing.
    let idle: Set<String>

    init(
        _ name: String,
        _ oldNames: [String],
        _ storage: Storage,
        _ dimensions: [Dimension],
        takesMask: Bool = false,
        idle: Set<String> = []
    ) {
        self.name = name
        self.oldNames = oldNames
        self.storage = storage
        self.dimensions = dimensions
        self.takesMask = takesMask
        self.idle = idle
    }

    private static let ofHash: Set<String> = ["probes", "resize"]
    private static let ofPorts: Set<String> = ["probes", "resize", "from", "to", "network"]

    static let all = [
        IpsetKind("bitmap:ip", ["ipmap"], .bitmap, [.address(takesRange: true)], takesMask: true),
        IpsetKind("bitmap:ip,mac", ["macipmap"], .bitmap, [.address(takesRange: false), .mac]),
        IpsetKind("bitmap:port", ["portmap"], .bitmap, [.port]),
        IpsetKind(
            "hash:ip",
            ["iphash"],
            .hash,
            [.address(takesRange: true)],
            takesMask: true,
            idle: ["probes", "resize", "gc"]
        ),
        IpsetKind("hash:mac", [], .hash, [.mac]),
        IpsetKind("hash:ip,mac", [], .hash, [.address(takesRange: false), .mac]),
        IpsetKind("hash:ip,mark", [], .hash, [.address(takesRange: true), .mark]),
        IpsetKind(
            "hash:ip,port",
            ["ipporthash"],
            .hash,
            [.address(takesRange: true), .port],
            takesMask: true,
            idle: ofPorts
        ),
        IpsetKind(
            "hash:ip,port,ip",
            ["ipportiphash"],
            .hash,
            [.address(takesRange: true), .port, .address(takesRange: false)],
            idle: ofPorts
        ),
        IpsetKind(
            "hash:ip,port,net",
            ["ipportnethash"],
            .hash,
            [.address(takesRange: true), .port, .net],
            idle: ofPorts
        ),
        IpsetKind("hash:net", ["nethash"], .hash, [.net], idle: ofHash),
        IpsetKind("hash:net,iface", ["netifacehash"], .hash, [.net, .interface]),
        IpsetKind("hash:net,net", [], .hash, [.net, .net], takesMask: true),
        IpsetKind("hash:net,port", ["netporthash"], .hash, [.net, .port]),
        IpsetKind("hash:net,port,net", [], .hash, [.net, .port, .net]),
        IpsetKind("list:set", ["setlist"], .list, [.set]),
    ]

    init?(named name: String) {
        guard let kind = Self.all.first(where: { $0.name == name || $0.oldNames.contains(name) }) else {
            return nil
        }
        self = kind
    }

    var hasNets: Bool { dimensions.contains { if case .net = $0 { true } else { false } } }

    var hasInterfaces: Bool { dimensions.contains { if case .interface = $0 { true } else { false } } }

    var hasAddresses: Bool {
        dimensions.contains { dimension in
            switch dimension {
            case .address, .net: true
            case .port, .mac, .interface, .mark, .set: false
            }
        }
    }

    /// A family can be asked for.
    var hasFamily: Bool { storage == .hash && hasAddresses }

    /// What the kernel compares of two sets that are to be swapped, besides the family.
    var features: [String] {
        let words = dimensions.map { dimension in
            switch dimension {
            case .address, .net: "ip"
            case .port: "port"
            case .mac: "mac"
            case .interface: "iface"
            case .mark: "mark"
            case .set: "name"
            }
        }
        return words + (hasNets ? ["nomatch"] : [])
    }
}
