/// The type of a value in the language of nft (nft(8), "DATA TYPES").
struct DataType: Hashable, Sendable {
    /// The number that nft gives to it, which the kernel keeps for a set (`NFTA_SET_KEY_TYPE`).
    let number: UInt32
    /// What a declaration calls it.
    let name: String
    /// How the kernel holds its values in registers.
    let order: Order
    let form: Form
    /// In bytes; nil where it depends on what the value is of.
    let length: Int?

    enum Order: Hashable, Sendable {
        case network
        /// That of this machine.
        case host
    }

    /// How a value is written.
    enum Form: Hashable, Sendable {
        case decimal
        /// With as many digits as the value has.
        case hexadecimal
        /// A number, or a name for some of them.
        case names
        /// Names of single bits, joined by commas.
        case bits
        case string
        case interfaceName
        case interfaceIndex
        case address
        case hardwareAddress
        case classID
        case duration
        case date
        case timeOfDay
        case label
        case boolean
        case realm
    }

    init(_ number: UInt32, _ name: String, _ form: Form, _ order: Order = .network, _ length: Int? = nil) {
        self.number = number
        self.name = name
        self.order = order
        self.form = form
        self.length = length
    }

    /// A number of a packet.
    static let integer = DataType(4, "integer", .decimal)
    /// A number that the kernel made.
    static let hostInteger = DataType(4, "integer", .decimal, .host)
    /// What is written as it stands in the packet.
    static let raw = DataType(4, "integer", .hexadecimal)

    static let verdict = DataType(1, "verdict", .decimal)
    static let protocolFamily = DataType(2, "nf_proto", .names, .network, 1)
    static let string = DataType(5, "string", .string, .host)
    static let ipv4 = DataType(7, "ipv4_addr", .address, .network, 4)
    static let ipv6 = DataType(8, "ipv6_addr", .address, .network, 16)
    static let ether = DataType(9, "ether_addr", .hardwareAddress, .network, 6)
    static let etherType = DataType(10, "ether_type", .names, .network, 2)
    static let arpOperation = DataType(11, "arp_op", .names, .network, 2)
    static let transport = DataType(12, "inet_proto", .names, .network, 1)
    static let port = DataType(13, "inet_service", .decimal, .network, 2)
    static let icmpType = DataType(14, "icmp_type", .names, .network, 1)
    static let tcpFlags = DataType(15, "tcp_flag", .bits, .network, 1)
    static let dccpType = DataType(16, "dccp_pkttype", .names, .network, 1)
    static let mobilityType = DataType(17, "mh_type", .names, .network, 1)
    static let time = DataType(18, "time", .duration, .host, 4)
    static let mark = DataType(19, "mark", .hexadecimal, .host, 4)
    static let interfaceIndex = DataType(20, "iface_index", .interfaceIndex, .host, 4)
    static let hardwareType = DataType(21, "iface_type", .names, .host, 2)
    static let realm = DataType(22, "realm", .realm, .host, 4)
    static let classID = DataType(23, "classid", .classID, .host, 4)
    static let user = DataType(24, "uid", .decimal, .host, 4)
    static let group = DataType(25, "gid", .decimal, .host, 4)
    static let trackState = DataType(26, "ct_state", .bits, .host, 4)
    static let trackDirection = DataType(27, "ct_dir", .names, .network, 1)
    static let trackStatus = DataType(28, "ct_status", .bits, .host, 4)
    static let icmpv6Type = DataType(29, "icmpv6_type", .names, .network, 1)
    static let label = DataType(30, "ct_label", .label, .host, 16)
    static let packetType = DataType(31, "pkt_type", .names, .network, 1)
    static let icmpCode = DataType(32, "icmp_code", .names, .network, 1)
    static let icmpv6Code = DataType(33, "icmpv6_code", .names, .network, 1)
    static let icmpxCode = DataType(34, "icmpx_code", .names, .network, 1)
    static let deviceGroup = DataType(35, "devgroup", .realm, .host, 4)
    static let dscp = DataType(36, "dscp", .names, .network, 1)
    static let ecn = DataType(37, "ecn", .names, .network, 1)
    static let addressType = DataType(38, "fib_addrtype", .names, .host, 4)
    static let boolean = DataType(39, "boolean", .boolean, .host, 1)
    static let trackEvent = DataType(40, "ct_event", .bits, .host, 4)
    static let interfaceName = DataType(41, "ifname", .interfaceName, .host, 16)
    static let igmpType = DataType(42, "igmp_type", .names, .network, 1)
    static let date = DataType(43, "time", .date, .host, 8)
    static let timeOfDay = DataType(44, "hour", .timeOfDay, .host, 4)
    static let day = DataType(45, "day", .names, .network, 1)
    static let controlGroup = DataType(46, "cgroupsv2", .decimal, .host, 8)
    static let trackID = DataType(4, "ct_id", .decimal, .network, 4)
    /// Shown as a flag that is 0 or 1.
    static let flag = DataType(4, "integer", .decimal, .host, 1)

    static let all: [DataType] = [
        verdict, protocolFamily, integer, string, ipv4, ipv6, ether, etherType, arpOperation, transport, port,
        icmpType, tcpFlags, dccpType, mobilityType, time, mark, interfaceIndex, hardwareType, realm, classID,
        user, group, trackState, trackDirection, trackStatus, icmpv6Type, label, packetType, icmpCode,
        icmpv6Code, icmpxCode, deviceGroup, dscp, ecn, addressType, boolean, trackEvent, interfaceName,
        igmpType, date, timeOfDay, day, controlGroup,
    ]

    private static let bits: UInt32 = 6

    /// The types of a number: that of a concatenation has six bits for each, the last one lowest.
    static func types(of number: UInt32) -> [DataType]? {
        var (rest, result) = (number, [DataType]())
        repeat {
            guard let type = all.first(where: { $0.number == rest & 0x3F }) else { return nil }
            result.insert(type, at: 0)
            rest >>= bits
        } while rest != 0
        return result
    }

    /// Whether a value with only its first bits given is written with their number: `10.0.0.0/8`.
    var hasPrefixes: Bool {
        switch form {
        case .address: true
        default: false
        }
    }

    var isBitmask: Bool {
        switch form {
        case .bits, .label: true
        default: false
        }
    }
}
