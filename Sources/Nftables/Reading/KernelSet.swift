import Netlink

/// A set or map, with its elements.
struct KernelSet: Sendable {
    let name: String
    let flags: UInt32
    let keyType: UInt32
    let keyLength: Int
    /// Of a map; `verdict` has a number of its own.
    let dataType: UInt32?
    let dataLength: Int
    let objectType: UInt32?
    let isForMemory: Bool
    let size: UInt32?
    /// In milliseconds.
    let timeout: UInt64?
    let collection: UInt32?
    let userData: UserData
    let statements: [RuleStatement]
    let elements: [SetElement]

    var isAnonymous: Bool { flags & 1 != 0 }
    var isConstant: Bool { flags & 2 != 0 }
    var hasIntervals: Bool { flags & 4 != 0 }
    var isMap: Bool { flags & 8 != 0 }
    var hasTimeouts: Bool { flags & 0x10 != 0 }
    var isDynamic: Bool { flags & 0x20 != 0 }
    var isObjectMap: Bool { flags & 0x40 != 0 }
    /// Ranges in each part of a key.
    var isConcatenation: Bool { flags & 0x80 != 0 }
    var isVerdictMap: Bool { dataType == Self.verdicts }
    /// A pair of data for each element (`NFTNL_UDATA_SET_DATA_INTERVAL`).
    var hasDataRanges: Bool { userData.number(6).map { $0 != 0 } ?? false }
    var isMerging: Bool { userData.number(2).map { $0 != 0 } ?? false }
    var comment: String? { userData.text(7) }

    /// NFT_DATA_VERDICT.
    private static let verdicts: UInt32 = 0xFFFF_FF00

    init(_ message: NetlinkMessage, elements: [NetlinkMessage]) throws {
        let attributes = AttributeList(try message.allAttributes())
        guard let name = attributes.text(2), attributes.ends(at: 20) else {
            throw UnreadExpression(name: "set")
        }
        self.name = name
        flags = attributes.u32(3) ?? 0
        guard flags & ~0x1FF == 0 else { throw UnreadExpression(name: "set \(name)") }
        keyType = attributes.u32(4) ?? 0
        keyLength = Int(attributes.u32(5) ?? 0)
        dataType = attributes.u32(6)
        dataLength = Int(attributes.u32(7) ?? 0)
        objectType = attributes.u32(15)
        isForMemory = attributes.u32(8) == 1
        size = try attributes.nested(9)?.u32(1)
        timeout = attributes.u64(11)
        collection = attributes.u32(12)
        userData = UserData(attributes.bytes(13) ?? [])
        let single = try attributes.nested(17).map { [$0] } ?? []
        statements = try KernelExpressions.statements(single + attributes.lists(18))
        var list: [SetElement] = []
        for message in elements {
            for element in try AttributeList(message.allAttributes()).lists(3) {
                list.append(try SetElement(element))
            }
        }
        self.elements = list
    }
}

/// An element of a set as the kernel says it.
struct SetElement: Hashable, Sendable {
    let key: [UInt8]
    /// Of a concatenation with ranges.
    let lastKey: [UInt8]?
    let data: [UInt8]?
    let verdict: KernelVerdict?
    let object: String?
    /// Where a range ends, and not an element.
    let isEnd: Bool
    /// What stands for every key that is not there: `*`.
    let isEverything: Bool
    let timeout: UInt64?
    let expiration: UInt64?
    let comment: String?
    let statements: [RuleStatement]

    init(_ attributes: AttributeList) throws {
        guard attributes.ends(at: 11) else { throw UnreadExpression(name: "element") }
        let (first, last) = (try attributes.data(1) ?? [], try attributes.data(10))
        guard last.map({ $0.count == first.count }) ?? true else { throw UnreadExpression(name: "element") }
        (key, lastKey) = (first, last)
        let value = try attributes.nested(2)
        data = value?.bytes(1)
        verdict = try value.flatMap { value throws(NetlinkDamage) in try KernelVerdict(value) }
        object = attributes.text(9)
        let flags = attributes.u32(3) ?? 0
        (isEnd, isEverything) = (flags & 1 != 0, flags & 2 != 0)
        timeout = attributes.u64(4)
        expiration = attributes.u64(5)
        comment = UserData(attributes.bytes(6) ?? []).comment
        let single = try attributes.nested(7).map { [$0] } ?? []
        statements = try KernelExpressions.statements(single + attributes.lists(11))
    }
}
