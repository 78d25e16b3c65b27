import CKernel
import Netlink

/// The tables of a namespace, read.
struct KernelRuleset: Sendable {
    var tables: [KernelTable] = []
    /// What no reader understands, with where it stands.
    var unread: [UnreadPart] = []
}

/// A thing that is not read.
package struct UnreadPart: Hashable, Sendable {
    /// `chain input of table inet filter`.
    package let place: String
    /// What the kernel calls it.
    package let name: String

    package init(place: String, name: String) {
        (self.place, self.name) = (place, name)
    }
}

struct KernelTable: Sendable {
    let family: Family
    let name: String
    let flags: UInt32
    let comment: String?
    var sets: [KernelSet] = []
    var objects: [KernelObject] = []
    var flowtables: [KernelFlowtable] = []
    var chains: [KernelChain] = []
}

/// The families of tables by their numbers (`NFPROTO_…`).
enum Family: UInt8, Sendable {
    case inet = 1
    case ip = 2
    case arp = 3
    case netdev = 5
    case bridge = 7
    case ip6 = 10

    var text: String {
        switch self {
        case .inet: "inet"
        case .ip: "ip"
        case .arp: "arp"
        case .netdev: "netdev"
        case .bridge: "bridge"
        case .ip6: "ip6"
        }
    }
}

struct KernelChain: Sendable {
    let name: String
    let base: BaseChain?
    let comment: String?
    let flags: UInt32
    var rules: [KernelRule] = []
}

/// A rule, followed.
struct KernelRule: Sendable {
    let clauses: [Clause]
    let comment: String?
}

struct KernelObject: Sendable {
    let name: String
    let type: UInt32
    let data: AttributeList
    let comment: String?
}

/// Where a chain meets packets.
struct BaseChain: Sendable {
    let type: String
    let hook: UInt32
    let priority: Int32
    let devices: [String]
    /// NF_DROP is 0, NF_ACCEPT 1.
    let policy: UInt32?
}

struct KernelFlowtable: Sendable {
    let name: String
    let priority: Int32
    let devices: [String]
    let flags: UInt32
}
